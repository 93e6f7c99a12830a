/**
 * Parts of masks as windows of the image. A mask of a large picture is never unpacked
 * whole: everything works in the window that holds its ones.
 */

import { bboxOf, expandCounts, maskRle } from "./rle.js";

/** @typedef {import("../core/types.js").Rle} Rle */
/** @typedef {import("../core/types.js").MaskRle} MaskRle */
/**
 * A window of the image frame; what lies outside it is 0. Empty ones have no pixels at all.
 * @typedef {object} Region
 * @property {number} x  left column, whole image pixels; may lie outside the image, as may all the window
 * @property {number} y  top row
 * @property {number} width
 * @property {number} height
 * @property {Uint8Array} data  (height * width) row-major, 0 or 1
 */
/** @typedef {Omit<Region, "data">} Frame */

/** @type {Region} */
export const NOTHING = Object.freeze({ x: 0, y: 0, width: 0, height: 0, data: new Uint8Array(0) });

/** @param {Frame} frame @returns {Region} a window of zeros */
export function blank({ x, y, width, height }) {
  return { x, y, width, height, data: new Uint8Array(width * height) };
}

/** @param {Rle} rle @returns {Region} tight */
export function regionOf(rle) {
  const counts = expandCounts(rle.counts);
  const imageHeight = rle.size[0];
  const [x, y, width, height] = bboxOf(counts, imageHeight);
  const region = blank({ x, y, width, height });
  const { data } = region;
  // Where the ones of a column begin and end is marked, and then carried down row by row, in the order of the memory.
  for (let i = 1, at = counts[0]; i < counts.length; at += counts[i] + (counts[i + 1] ?? 0), i += 2) {
    const end = at + counts[i];
    if (end === at) continue;
    for (let column = Math.floor(at / imageHeight); column * imageHeight < end; column++) {
      const first = Math.max(at - column * imageHeight, 0) - y;
      const last = Math.min(end - column * imageHeight, imageHeight) - y;
      data[first * width + column - x] ^= 1;
      if (last < height) data[last * width + column - x] ^= 1;
    }
  }
  for (let i = width; i < data.length; i++) data[i] ^= data[i - width];
  return region;
}

/**
 * The mask of an image, of what of the region lies on it.
 * @param {Region} region @param {number} imageWidth @param {number} imageHeight @returns {MaskRle}
 */
export function rleOf(region, imageWidth, imageHeight) {
  const { x, y, width, height, data } = clipped(region, imageWidth, imageHeight);
  // Rows where a column's value changes are counted and then listed column by column, reading in the order of the memory.
  const ends = new Uint32Array(width + 1);
  forEachChange(data, width, height, (column) => ends[column + 1]++);
  for (let column = 0; column < width; column++) ends[column + 1] += ends[column];
  const rows = new Uint32Array(ends[width]);
  const next = ends.slice();
  forEachChange(data, width, height, (column, row) => {
    rows[next[column]++] = row;
  });
  const counts = new Uint32Array(rows.length + 2); // each run of ones is two changes and begins with a run of zeros
  let length = 0;
  let stop = 0; // where the last run of ones ended
  for (let column = 0; column < width; column++) {
    const top = (x + column) * imageHeight + y;
    for (let i = ends[column]; i < ends[column + 1]; i += 2) {
      const from = top + rows[i];
      const to = top + rows[i + 1];
      if (length && from === stop) counts[length - 1] += to - from; // a column's bottom goes on in the next one's top
      else {
        counts[length++] = from - stop;
        counts[length++] = to - from;
      }
      stop = to;
    }
  }
  const rest = imageWidth * imageHeight - stop;
  if (rest || !length) counts[length++] = rest;
  return maskRle(counts.subarray(0, length), imageWidth, imageHeight);
}

/**
 * Calls for every place down a column where 0 becomes 1 or 1 becomes 0, the window lying in zeros; row by row.
 * @param {Uint8Array} data @param {number} width @param {number} height
 * @param {(column: number, row: number) => void} call
 */
function forEachChange(data, width, height, call) {
  if (!width) return;
  for (let column = 0; column < width; column++) if (data[column]) call(column, 0);
  for (let row = 1, at = width; row < height; row++) {
    for (let column = 0; column < width; column++, at++) if (data[at] !== data[at - width]) call(column, row);
  }
  for (let column = 0, at = (height - 1) * width; column < width; column++, at++) if (data[at]) call(column, height);
}

/** @param {Region} region */
export function areaOfRegion({ data }) {
  let area = 0;
  for (let i = 0; i < data.length; i++) area += data[i];
  return area;
}

/** @param {Region} region @param {number} imageWidth @param {number} imageHeight @returns {Region} what lies on the image */
export function clipped(region, imageWidth, imageHeight) {
  return cut(region, { x: 0, y: 0, width: imageWidth, height: imageHeight });
}

/**
 * The window's own smallest: around its ones.
 * @param {Region} region @returns {Region}
 */
export function trimmed(region) {
  const { x, y, width, height, data } = region;
  const first = data.indexOf(1);
  if (first < 0) return NOTHING;
  const top = Math.floor(first / width);
  const bottom = Math.floor(data.lastIndexOf(1) / width);
  let left = first % width;
  let right = left;
  for (let row = top; row <= bottom; row++) {
    const start = row * width;
    for (let column = 0; column < left; column++) if (data[start + column]) left = column;
    for (let column = width - 1; column > right; column--) if (data[start + column]) right = column;
  }
  if (left === 0 && top === 0 && right === width - 1 && bottom === height - 1) return region;
  return cut(region, { x: x + left, y: y + top, width: right - left + 1, height: bottom - top + 1 });
}

/**
 * What of a region lies in a frame, in a window no larger than it.
 * @param {Region} region @param {Frame} frame @returns {Region}
 */
export function cut(region, frame) {
  const shared = common(region, frame);
  if (shared.width === region.width && shared.height === region.height) return region;
  if (!shared.width || !shared.height) return NOTHING;
  return framed(region, shared);
}

/**
 * The region in another window: cut where that is smaller, with zeros where it is larger.
 * @param {Region} region @param {Frame} frame @returns {Region}
 */
export function framed(region, frame) {
  const made = blank(frame);
  const { x, y, width, height } = common(region, frame);
  for (let row = 0; row < height; row++) {
    const from = (y + row - region.y) * region.width + x - region.x;
    made.data.set(region.data.subarray(from, from + width), (y + row - frame.y) * frame.width + x - frame.x);
  }
  return made;
}

/** Common pixels. @param {Region} a @param {Region} b */
export function overlapOf(a, b) {
  let both = 0;
  forEachRow(a, b, (mine, other, length) => {
    for (let i = 0; i < length; i++) both += a.data[mine + i] & b.data[other + i];
  });
  return both;
}

/** Common pixels / pixels of either; 1 when both are empty. @param {Region} a @param {Region} b */
export function iou(a, b) {
  const both = overlapOf(a, b);
  const either = areaOfRegion(a) + areaOfRegion(b) - both;
  return either ? both / either : 1;
}

/** @param {Frame} a @param {Frame} b @returns {Frame} the common window; without width or height when there is none */
function common(a, b) {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x);
  const height = Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y);
  return { x, y, width, height };
}

/**
 * Calls for every row the two windows share: where it begins in either's data, and how many pixels it has.
 * @param {Region} a @param {Region} b @param {(mine: number, other: number, length: number) => void} call
 */
function forEachRow(a, b, call) {
  const { x, y, width, height } = common(a, b);
  if (!width) return;
  for (let row = y; row < y + height; row++) {
    call((row - a.y) * a.width + x - a.x, (row - b.y) * b.width + x - b.x, width);
  }
}
