/** Logits to pixels without WebGL: bilinear, one row of floats at a time. */

import { CELL } from "../../../geometry/frames.js";

const NOTHING = -1000; // a logit far outside of any mask

/** @typedef {import("../layers.js").LowRes} LowRes */
/** @typedef {import("../../../geometry/frames.js").InputFrame} InputFrame */
/**
 * @typedef {{x: number, y: number, stepX: number, stepY: number, width: number, height: number}} Grid 
 *   image-frame place of the first sample's corner, image pixels per sample, samples
 */

/**
 * Calls back with every row of interpolated logits; the row's buffer is reused. Outside a window they are as of no mask.
 * @param {LowRes} lowRes
 * @param {InputFrame} frame
 * @param {Grid} grid
 * @param {(row: Float32Array, y: number) => void} onRow
 */
export function eachRow({ width, height, data }, frame, grid, onRow) {
  const perX = frame.width / frame.imageWidth / CELL;
  const perY = frame.height / frame.imageHeight / CELL;
  const left = new Int32Array(grid.width);
  const weight = new Float32Array(grid.width);
  const [x0, x1] = samplesIn(frame.x, frame.imageWidth, grid.x, grid.stepX, grid.width);
  const [y0, y1] = samplesIn(frame.y, frame.imageHeight, grid.y, grid.stepY, grid.height);
  for (let i = 0; i < grid.width; i++) {
    const at = Math.min(width - 1, Math.max(0, (grid.x + (i + 0.5) * grid.stepX - frame.x) * perX - 0.5));
    left[i] = Math.min(width - 2, Math.floor(at));
    weight[i] = at - left[i];
  }
  const cells = new Float32Array(width);
  const row = new Float32Array(grid.width);
  for (let y = 0; y < grid.height; y++) {
    if (y < y0 || y >= y1) {
      onRow(row.fill(NOTHING), y);
      continue;
    }
    const at = Math.min(height - 1, Math.max(0, (grid.y + (y + 0.5) * grid.stepY - frame.y) * perY - 0.5));
    const top = Math.min(height - 2, Math.floor(at));
    const share = at - top;
    const above = top * width;
    for (let i = 0; i < width; i++)
      cells[i] = data[above + i] * (1 - share) + data[above + width + i] * share;
    for (let i = 0; i < grid.width; i++)
      row[i] = cells[left[i]] * (1 - weight[i]) + cells[left[i] + 1] * weight[i];
    row.fill(NOTHING, 0, x0).fill(NOTHING, x1);
    onRow(row, y);
  }
}

/**
 * First and last but one of the samples whose centres lie in a window, along one axis; all of them where it is the whole.
 * @param {number} start @param {number} length  of the window @param {number} first @param {number} step @param {number} count  of the samples
 */
function samplesIn(start, length, first, step, count) {
  const place = (/** @type {number} */ at) => Math.min(count, Math.max(0, Math.ceil((at - first) / step - 0.5)));
  return [place(start), place(start + length)];
}

/**
 * Paints fill and outline into RGBA pixels: distance to the contour is value / |gradient|, as in the shader.
 * @param {LowRes} lowRes @param {InputFrame} frame @param {Grid} grid
 * @param {{color: readonly number[], edge: readonly number[], edgeIn: readonly number[], fill: number, outline: number}} style outline
 *   in samples
 * @returns {ImageData}
 */
export function paint(lowRes, frame, grid, { color, edge, edgeIn, fill, outline }) {
  const image = new ImageData(grid.width, grid.height);
  const out = new Uint32Array(image.data.buffer);
  const previous = new Float32Array(grid.width);
  const packed = (/** @type {readonly number[]} */ [r, g, b], /** @type {number} */ alpha) =>
    ((Math.round(alpha * 255) << 24) |
      (Math.round(b * 255) << 16) |
      (Math.round(g * 255) << 8) |
      Math.round(r * 255)) >>>
    0;
  const inside = packed(color, fill);
  const reach = 0.5 * outline + 0.5;
  eachRow(lowRes, frame, grid, (row, y) => {
    const above = y ? previous : row;
    const start = y * grid.width;
    let left = row[0];
    for (let x = 0; x < row.length; x++) {
      const value = row[x];
      const across = value - left;
      const down = value - above[x];
      const steepness = across * across + down * down;
      left = value;
      if (value * value < reach * reach * steepness) {
        const line = Math.min(1, reach - Math.abs(value) / Math.sqrt(steepness));
        out[start + x] = packed(value > 0 ? edgeIn : edge, Math.max(line, value > 0 ? fill : 0));
      } else if (value > 0) out[start + x] = inside;
    }
    previous.set(row);
  });
  return image;
}
