/**
 * Closed rings and the pixels they cover, as server/domain/rings.py fills them: a pixel is inside when its centre is inside
 * an odd number of rings. A centre on an edge counts as inside of left and top edges only, so that rings that share an
 * edge share no pixel.
 */

import { blank, NOTHING } from "./region.js";

/** @typedef {Float64Array} Ring  x and y of the image frame in turn, of each corner */
/** @typedef {import("./region.js").Region} Region */

/** @param {readonly {x: number, y: number}[]} places @returns {Ring} */
export const ringOf = (places) => Float64Array.from(places.flatMap(({ x, y }) => [x, y]));

/**
 * @param {readonly Ring[]} rings
 * @param {number} [imageWidth] @param {number} [imageHeight]  beyond the image is nothing
 * @returns {Region} in the rings' box
 */
export function fillRings(rings, imageWidth, imageHeight) {
  const filled = rings.filter((ring) => ring.length >= 6);
  if (!filled.length) return NOTHING;
  let [left, top, right, bottom] = boxOf(filled);
  if (imageWidth !== undefined && imageHeight !== undefined) {
    [left, right] = [within(left, imageWidth), within(right, imageWidth)];
    [top, bottom] = [within(top, imageHeight), within(bottom, imageHeight)];
  }
  if (right <= left || bottom <= top) return NOTHING;
  const region = blank({ x: left, y: top, width: right - left, height: bottom - top });
  for (const ring of filled) {
    for (let i = 0, before = ring.length - 2; i < ring.length; before = i, i += 2) {
      toggle(region, ring[before] - left, ring[before + 1] - top, ring[i] - left, ring[i + 1] - top);
    }
  }
  const { width, height, data } = region;
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0, inside = 0; column < width; column++, at++) data[at] = inside ^= data[at];
  }
  return region;
}

/**
 * Twice the square pixels, positive for a ring that goes clockwise as one sees it (y points down).
 * @param {Ring} ring
 */
export function signedAreaTwice(ring) {
  let twice = 0;
  for (let i = 0, before = ring.length - 2; i < ring.length; before = i, i += 2) {
    twice += ring[before] * ring[i + 1] - ring[i] * ring[before + 1];
  }
  return twice;
}

/** @param {readonly Ring[]} rings @returns {[number, number, number, number]} left, top, right, bottom: whole pixels around */
function boxOf(rings) {
  const box = /** @type {[number, number, number, number]} */ ([Infinity, Infinity, -Infinity, -Infinity]);
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      box[0] = Math.min(box[0], Math.floor(ring[i]));
      box[1] = Math.min(box[1], Math.floor(ring[i + 1]));
      box[2] = Math.max(box[2], Math.ceil(ring[i]));
      box[3] = Math.max(box[3], Math.ceil(ring[i + 1]));
    }
  }
  return box;
}

/** @param {number} value @param {number} most */
const within = (value, most) => Math.min(Math.max(value, 0), most);

/**
 * Flips, in every row, the first pixel whose centre lies at or behind an edge that crosses the row's centres.
 * @param {Region} region @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1  of the window
 */
function toggle({ width, height, data }, x0, y0, x1, y1) {
  const first = within(Math.ceil(Math.min(y0, y1) - 0.5), height);
  const last = within(Math.ceil(Math.max(y0, y1) - 0.5), height);
  const slope = (x1 - x0) / (y1 - y0);
  for (let row = first; row < last; row++) {
    const column = Math.max(0, Math.ceil(x0 + (row + 0.5 - y0) * slope - 0.5));
    if (column < width) data[row * width + column] ^= 1;
  }
}
