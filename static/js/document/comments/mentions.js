/**
 * Mentions in a comment. Stored, it holds `<@ID>` for an account; written and read, `@Name`.
 */

/** @typedef {{id: string, name: string}} Member */

const STORED = /<@([0-9a-f]{12})>/g;
const IN_WORD = /[\p{L}\p{N}_]/u;
const TYPED = /(?:^|[^\p{L}\p{N}_])@([^@\n]{0,40})$/u;
const MOST = 6;

/** @param {string} text */
const fold = (text) => text.normalize("NFKC").toLocaleLowerCase();

/**
 * The text in pieces: words as they are, and the accounts that are mentioned between them.
 * @param {string} stored @returns {Array<string|{id: string}>}
 */
export function piecesOf(stored) {
  const pieces = /** @type {Array<string|{id: string}>} */ ([]);
  let end = 0;
  for (const found of stored.matchAll(STORED)) {
    if (found.index > end) pieces.push(stored.slice(end, found.index));
    pieces.push({ id: found[1] });
    end = found.index + found[0].length;
  }
  if (end < stored.length) pieces.push(stored.slice(end));
  return pieces;
}

/** As it is read and edited. @param {string} stored @param {(id: string) => string} nameOf */
export function written(stored, nameOf) {
  return stored.replace(STORED, (whole, id) => (nameOf(id) ? `@${nameOf(id)}` : whole));
}

/**
 * As it is stored: each name of a member after an @ that is no part of a word. Of names that begin alike the longest counts.
 * @param {string} text @param {readonly Member[]} members
 */
export function stored(text, members) {
  const longest = [...members].sort((a, b) => b.name.length - a.name.length);
  let made = "";
  for (let at = 0; at < text.length; ) {
    const begins = text[at] === "@" && !IN_WORD.test(text[at - 1] ?? "");
    const named = begins && longest.find(({ name }) => meets(text, at + 1, name));
    made += named ? `<@${named.id}>` : text[at];
    at += named ? 1 + named.name.length : 1;
  }
  return made;
}

/** @param {string} text @param {number} at @param {string} name */
function meets(text, at, name) {
  const end = at + name.length;
  return fold(text.slice(at, end)) === fold(name) && !IN_WORD.test(text[end] ?? "");
}

/**
 * Whom what is typed before the caret may be about to mention, and where its @ stands; null: nobody is.
 * @param {string} text @param {number} caret @param {readonly Member[]} members
 */
export function suggested(text, caret, members) {
  const typed = TYPED.exec(text.slice(0, caret))?.[1];
  if (typed === undefined) return null;
  const begun = fold(typed);
  const fits = members.filter(({ name }) => fold(name).startsWith(begun) || fold(name).split(/\s+/).some((word) => word.startsWith(begun)));
  return fits.length ? { from: caret - typed.length - 1, members: fits.slice(0, MOST) } : null;
}
