/**
 * A candidate's logits as the decoder's mask input, or over another window first; mirrors `mask_input_from_logits` and
 * `logits_in_frame` in server/domain/masks.py.
 */

import { CELL, LOW_RES_SIDE } from "./frames.js";

/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("./frames.js").InputFrame} InputFrame */

const NONE = new Float32Array(LOW_RES_SIDE * LOW_RES_SIDE);
const OUTSIDE = -6; // a logit as sure as the decoder usually is

/**
 * Outside the decoded extent, all padding, the nearest decoded logit is repeated: zeros would be a contour.
 * @param {LowRes|null} feedback @returns {Float32Array} (256, 256), not to be written to
 */
export function maskInput(feedback) {
  if (!feedback) return NONE;
  const { width, height, data } = feedback;
  const full = new Float32Array(LOW_RES_SIDE * LOW_RES_SIDE);
  for (let row = 0; row < LOW_RES_SIDE; row++) {
    const start = row * LOW_RES_SIDE;
    const end = (Math.min(row, height - 1) + 1) * width;
    full.set(data.subarray(end - width, end), start);
    full.fill(data[end - 1], start + width, start + LOW_RES_SIDE);
  }
  return full;
}

/**
 * Logits over one part of an image as logits over another part of it: between cells interpolated, and well outside where
 * the first part shows nothing.
 * @param {LowRes} logits @param {InputFrame} source  theirs @param {InputFrame} target
 * @returns {LowRes}  without its window
 */
export function logitsInFrame({ width, height, data, resize }, source, target) {
  const across = 4 * target.tokenCols;
  const down = 4 * target.tokenRows;
  const columns = cells(across, [target.x, target.imageWidth, target.width], [source.x, source.imageWidth, source.width], width);
  const rows = cells(down, [target.y, target.imageHeight, target.height], [source.y, source.imageHeight, source.height], height);
  const out = new Float32Array(across * down).fill(OUTSIDE);
  for (const [i, row] of rows.entries()) {
    for (const [j, column] of columns.entries()) {
      if (!row || !column) continue;
      const [above, below] = [data.subarray(row.first * width), data.subarray(row.second * width)];
      const high = above[column.first] * (1 - column.share) + above[column.second] * column.share;
      const low = below[column.first] * (1 - column.share) + below[column.second] * column.share;
      out[i * across + j] = high * (1 - row.share) + low * row.share;
    }
  }
  return { width: across, height: down, data: out, resize };
}

/**
 * Where the centres of a target's cells lie among the source's, along one axis; null where the source shows nothing.
 * @param {number} count @param {number[]} target  first image pixel, image pixels, input pixels @param {number[]} source  the same
 * @param {number} among  cells of the source
 */
function cells(count, target, source, among) {
  return Array.from({ length: count }, (_, i) => {
    const place = (i + 0.5) * CELL * (target[1] / target[2]) + target[0] - source[0];
    if (place < 0 || place > source[1]) return null;
    const position = Math.min(among - 1, Math.max(0, (place * (source[2] / source[1])) / CELL - 0.5));
    const first = Math.floor(position);
    return { first, second: Math.min(first + 1, among - 1), share: position - first };
  });
}
