/** What lies under a place: a prompt point, a box handle, an annotation. Pure geometry in the image frame. */

/** @typedef {{x: number, y: number}} Place */
/** @typedef {import("../core/types.js").Box} Box */
/** @typedef {'nw'|'n'|'ne'|'e'|'se'|'s'|'sw'|'w'} Handle */

/** @type {readonly Handle[]} */
export const HANDLES = Object.freeze(["nw", "n", "ne", "e", "se", "s", "sw", "w"]);

/** @param {Box} box @param {Handle} handle @returns {Place} */
export function handlePlace([x0, y0, x1, y1], handle) {
  const x = handle.includes("w") ? x0 : handle.includes("e") ? x1 : (x0 + x1) / 2;
  const y = handle.includes("n") ? y0 : handle.includes("s") ? y1 : (y0 + y1) / 2;
  return { x, y };
}

/**
 * The box with one handle moved to a place, its corners kept in order.
 * @param {Box} box
 * @param {Handle} handle
 * @param {Place} place
 * @returns {Box}
 */
export function dragHandle([x0, y0, x1, y1], handle, place) {
  const left = handle.includes("w") ? place.x : x0;
  const right = handle.includes("e") ? place.x : x1;
  const top = handle.includes("n") ? place.y : y0;
  const bottom = handle.includes("s") ? place.y : y1;
  return ordered({ x: left, y: top }, { x: right, y: bottom });
}

/** @param {Place} a @param {Place} b @returns {Box} */
export function ordered(a, b) {
  return [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)];
}

/** @param {Box|null} box @param {Place} place @param {number} reach image pixels @returns {Handle|null} */
export function handleAt(box, place, reach) {
  if (!box) return null;
  const near = (/** @type {Handle} */ handle) => within(handlePlace(box, handle), place, reach);
  return HANDLES.find(near) ?? null;
}

/**
 * @param {readonly Place[]} points
 * @param {Place} place
 * @param {number} reach image pixels
 * @returns {number} index of the last one there, -1 for none
 */
export function pointAt(points, place, reach) {
  return points.findLastIndex((point) => within(point, place, reach));
}

/** @param {Place} a @param {Place} b @param {number} reach */
function within(a, b, reach) {
  return Math.hypot(a.x - b.x, a.y - b.y) <= reach;
}
