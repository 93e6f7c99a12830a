/** Places that a corner being put or moved is drawn to: corners of objects' outlines, and the picture's edge. */

/** @typedef {{x: number, y: number}} Place */
/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("../document/objects/outline-states.js").Outlines} Outlines */

/**
 * @param {Place} place  image frame @param {number} reach  image pixels
 * @param {{picture: {width: number, height: number}, objects: readonly Annotation[], outlines: Pick<Outlines, 'of'>}} among
 * @returns {Place|null} null when nothing is near
 */
export function snapped(place, reach, { picture, objects, outlines }) {
  return cornerNear(place, reach, objects, outlines) ?? edgeNear(place, reach, picture);
}

/**
 * @param {Place} place @param {number} reach @param {readonly Annotation[]} objects @param {Pick<Outlines, 'of'>} outlines
 * @returns {Place|null}
 */
function cornerNear(place, reach, objects, outlines) {
  /** @type {Place|null} */
  let found = null;
  let nearest = reach;
  for (const { bbox, rle } of objects) {
    const [x, y, width, height] = bbox;
    if (place.x < x - reach || place.y < y - reach || place.x > x + width + reach || place.y > y + height + reach) continue;
    for (const ring of outlines.of(rle).rings) {
      for (let i = 0; i < ring.length; i += 2) {
        const away = Math.hypot(ring[i] - place.x, ring[i + 1] - place.y);
        if (away <= nearest) [found, nearest] = [{ x: ring[i], y: ring[i + 1] }, away];
      }
    }
  }
  return found;
}

/** @param {Place} place @param {number} reach @param {{width: number, height: number}} picture @returns {Place|null} */
function edgeNear(place, reach, { width, height }) {
  const x = nearestOf(place.x, [0, width], reach);
  const y = nearestOf(place.y, [0, height], reach);
  return x === null && y === null ? null : { x: x ?? place.x, y: y ?? place.y };
}

/** @param {number} value @param {readonly number[]} marks @param {number} reach */
function nearestOf(value, marks, reach) {
  return marks.find((mark) => Math.abs(mark - value) <= reach) ?? null;
}
