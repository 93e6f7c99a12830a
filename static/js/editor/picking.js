/** Which annotation lies under a place, told from the runs of its mask. */

import { expandCounts } from "../geometry/rle.js";

/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("../core/types.js").Rle} Rle */

/** Where each run ends, as pixel numbers down the columns. @type {WeakMap<Rle, Uint32Array>} */
const endsOf = new WeakMap();

/** @param {Rle} rle */
function runEnds(rle) {
  const known = endsOf.get(rle);
  if (known) return known;
  const ends = expandCounts(rle.counts);
  for (let i = 1; i < ends.length; i++) ends[i] += ends[i - 1];
  endsOf.set(rle, ends);
  return ends;
}

/** @param {Rle} rle @param {{x: number, y: number}} place image frame @returns {boolean} */
export function covers(rle, place) {
  const [height, width] = rle.size;
  const x = Math.floor(place.x);
  const y = Math.floor(place.y);
  if (x < 0 || y < 0 || x >= width || y >= height) return false;
  const ends = runEnds(rle);
  const pixel = x * height + y;
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle] > pixel) high = middle;
    else low = middle + 1;
  }
  return low % 2 === 1;
}

/**
 * The smallest visible annotation there.
 * @param {readonly Annotation[]} annotations
 * @param {ReadonlySet<string>} hidden
 * @param {{x: number, y: number}} place
 */
export function objectAt(annotations, hidden, place) {
  const there = annotations.filter(({ id, rle }) => !hidden.has(id) && covers(rle, place));
  return there.sort((a, b) => a.area - b.area)[0] ?? null;
}
