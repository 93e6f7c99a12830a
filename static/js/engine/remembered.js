/** The segmenter a person chose in this browser: by its id, so that new weights of it are taken too. */

/** @typedef {import("../core/types.js").SegmenterInfo} SegmenterInfo */

const STORED_AS = "samphire.segmenter";

/**
 * Asked for by `?segmenter=ID`, else chosen on an earlier visit, else the server's.
 * @param {readonly SegmenterInfo[]} installed @param {string} byDefault  id @param {string} search  of the address
 * @returns {SegmenterInfo}
 */
export function firstSegmenter(installed, byDefault, search) {
  const asked = [new URLSearchParams(search).get("segmenter"), stored(), byDefault];
  const known = asked.map((id) => installed.find((segmenter) => segmenter.id === id));
  return known.find((segmenter) => segmenter !== undefined) ?? installed[0];
}

/** @returns {string|null} */
function stored() {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null; // storage is blocked
  }
}

/** @param {string} id */
export function rememberSegmenter(id) {
  try {
    localStorage.setItem(STORED_AS, id);
  } catch {
    return; // storage is blocked: the choice lives as long as the page
  }
}
