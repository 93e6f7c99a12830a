/** Which images are meant and in which order, as the address of a page says it. */

/** @typedef {import("../../net/projects-api.js").Selection} Selection */

const NAMES = /** @type {const} */ (["state", "label", "search", "score", "person", "assigned", "sort", "order"]);
/** What is so when the address says nothing. */
const USUAL = /** @type {Readonly<Record<string, string>>} */ (Object.freeze({ sort: "name", order: "asc" }));

/** @param {string} search  of an address @returns {Selection} */
export function readSelection(search) {
  const values = new URLSearchParams(search);
  /** @type {Selection} */
  const selection = {};
  for (const name of NAMES) {
    const value = values.get(name);
    if (value && value !== USUAL[name]) selection[name] = value;
  }
  return selection;
}

/** With its question mark, or empty. @param {Selection} selection */
export function selectionQuery(selection) {
  const values = new URLSearchParams();
  for (const name of NAMES) {
    const value = selection[name];
    if (value && value !== USUAL[name]) values.set(name, value);
  }
  const text = values.toString();
  return text && `?${text}`;
}
