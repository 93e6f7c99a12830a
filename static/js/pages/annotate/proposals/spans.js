/**
 * Proposals as spans of a coarse grid, column by column as their runs are: decoded once, painted again in milliseconds
 * whenever others are shown. Only numbers here, no elements.
 */

import { expandCounts } from "../../../geometry/rle.js";

/** @typedef {import("../../../core/types.js").Rle} Rle */
/** @typedef {{step: number, columns: number, rows: number}} Grid  step: image pixels to a cell's side */
/** @typedef {Uint16Array} Spans  column, first row, row after the last, and so on; the columns in order */

const MOST_CELLS = 1_200_000;

/** The grid of an image: as fine as a screen shows all of it. @param {number} width @param {number} height @returns {Grid} */
export function gridOf(width, height) {
  const step = Math.max(1, Math.ceil(Math.sqrt((width * height) / MOST_CELLS)));
  return { step, columns: Math.ceil(width / step), rows: Math.ceil(height / step) };
}

/**
 * A mask in the grid: of each cell its middle counts, so that a mask that covers none may have no spans at all.
 * @param {Rle} rle @param {Pick<Grid, 'step'>} grid @returns {Spans}
 */
export function spansOf(rle, { step }) {
  const counts = expandCounts(rle.counts);
  const [height] = rle.size;
  const middle = step >> 1;
  const found = [];
  for (let i = 1, at = counts[0]; i < counts.length; at += counts[i] + (counts[i + 1] ?? 0), i += 2) {
    const end = at + counts[i];
    const last = Math.floor((end - 1) / height);
    const first = Math.floor(at / height);
    // The first column from there on that is the middle of cells.
    for (let column = first + ((middle - (first % step) + step) % step); column <= last; column += step) {
      const top = Math.max(at - column * height, 0);
      const bottom = Math.min(end - column * height, height);
      const from = Math.ceil((top - middle) / step);
      const to = Math.ceil((bottom - middle) / step);
      if (to > from) found.push((column - middle) / step, from, to);
    }
  }
  return Uint16Array.from(found);
}

/**
 * Which proposal each cell shows, column by column; 0: none. Later ones cover earlier ones.
 * @param {Uint16Array} labels  filled here @param {readonly Spans[]} list  proposal i is the number i + 1 @param {number} rows
 */
export function paintLabels(labels, list, rows) {
  labels.fill(0);
  list.forEach((spans, i) => {
    for (let k = 0; k < spans.length; k += 3) {
      const at = spans[k] * rows;
      labels.fill(i + 1, at + spans[k + 1], at + spans[k + 2]);
    }
  });
}

/**
 * The cells as pixels: each proposal in its colour, with its border in full.
 * @param {Uint16Array} labels  column by column @param {Grid} grid
 * @param {Uint32Array} inks  by number, of the inside: 0xAABBGGRR @param {Uint32Array} rims  by number, of the border
 * @param {Uint32Array} out  row by row
 */
export function paintCells(labels, { columns, rows }, inks, rims, out) {
  for (let column = 0, at = 0; column < columns; column++) {
    for (let row = 0, to = column; row < rows; row++, at++, to += columns) {
      const label = labels[at];
      const edge =
        label !== 0 &&
        ((row > 0 && labels[at - 1] !== label) ||
          (row < rows - 1 && labels[at + 1] !== label) ||
          (column > 0 && labels[at - rows] !== label) ||
          (column < columns - 1 && labels[at + rows] !== label));
      out[to] = edge ? rims[label] : inks[label];
    }
  }
}

/**
 * Only what a mask of spans covers, for what is under the pointer: its own cells, row by row in its box.
 * @param {Spans} spans @returns {import("../../../geometry/region.js").Region}
 */
export function cellsOf(spans) {
  let [left, right, top, bottom] = [Infinity, -1, Infinity, -1];
  for (let k = 0; k < spans.length; k += 3) {
    left = Math.min(left, spans[k]);
    right = Math.max(right, spans[k]);
    top = Math.min(top, spans[k + 1]);
    bottom = Math.max(bottom, spans[k + 2]);
  }
  const [width, height] = right < 0 ? [0, 0] : [right - left + 1, bottom - top];
  const data = new Uint8Array(width * height);
  for (let k = 0; k < spans.length; k += 3) {
    for (let row = spans[k + 1]; row < spans[k + 2]; row++) data[(row - top) * width + spans[k] - left] = 1;
  }
  return { x: width && left, y: height && top, width, height, data };
}
