/** Connected pieces of a mask and the holes in it: told apart, filled, left out. */

import { areaOfRegion, blank, NOTHING, trimmed } from "./region.js";

/** @typedef {import("./region.js").Region} Region */
/**
 * Runs along the rows of one value, and which of them belong together.
 * @typedef {object} Pieces
 * @property {Int32Array} rows  (runs) of each run, in reading order
 * @property {Int32Array} starts  (runs) first column
 * @property {Int32Array} ends  (runs) the column after the last
 * @property {Int32Array} pieceOf  (runs) pieces are numbered by their first runs
 * @property {Float64Array} areas  (pieces) pixels
 */

/**
 * The 8-connected pieces, the largest first; of equal ones that which comes first in reading order.
 * @param {Region} region @returns {Region[]} tight
 */
export function parts(region) {
  const pieces = piecesOf(region, 1);
  const count = pieces.areas.length;
  if (count < 2) return count ? [trimmed(region)] : [];
  const frames = Array.from({ length: count }, () => ({ left: Infinity, top: Infinity, right: 0, bottom: 0 }));
  forEachRun(pieces, (piece, row, start, end) => {
    const frame = frames[piece];
    frame.left = Math.min(frame.left, start);
    frame.right = Math.max(frame.right, end);
    frame.top = Math.min(frame.top, row);
    frame.bottom = row + 1;
  });
  const found = frames.map(({ left, top, right, bottom }) =>
    blank({ x: region.x + left, y: region.y + top, width: right - left, height: bottom - top }),
  );
  forEachRun(pieces, (piece, row, start, end) => {
    const { x, y, width, data } = found[piece];
    const from = (row + region.y - y) * width + region.x - x;
    data.fill(1, from + start, from + end);
  });
  const order = found.map((_, piece) => piece).sort((a, b) => pieces.areas[b] - pieces.areas[a] || a - b);
  return order.map((piece) => found[piece]);
}

/**
 * Without its holes: 4-connected background that does not reach the outside.
 * @param {Region} region @param {number} [most] pixels of the largest hole to fill @returns {Region}
 */
export function fillHoles(region, most = Infinity) {
  const { width, height } = region;
  const pieces = piecesOf(region, 0);
  const open = new Uint8Array(pieces.areas.length);
  forEachRun(pieces, (piece, row, start, end) => {
    if (!row || row === height - 1 || !start || end === width) open[piece] = 1;
  });
  const data = region.data.slice();
  forEachRun(pieces, (piece, row, start, end) => {
    if (!open[piece] && pieces.areas[piece] <= most) data.fill(1, row * width + start, row * width + end);
  });
  return { ...region, data };
}

/**
 * Without pieces of fewer than so many pixels; the largest piece always stays.
 * @param {Region} region @param {number} least @returns {Region} tight
 */
export function withoutSpecks(region, least) {
  const pieces = piecesOf(region, 1);
  if (!pieces.areas.length) return NOTHING;
  const needed = Math.min(least, pieces.areas.reduce((most, area) => Math.max(most, area)));
  const data = region.data.slice();
  forEachRun(pieces, (piece, row, start, end) => {
    if (pieces.areas[piece] < needed) data.fill(0, row * region.width + start, row * region.width + end);
  });
  return trimmed({ ...region, data });
}

/** @param {Region} region @returns {number} pixels that filling its holes adds */
export const holeArea = (region) => areaOfRegion(fillHoles(region)) - areaOfRegion(region);

/** Pixels of each 8-connected piece, in reading order. @param {Region} region @returns {Float64Array} */
export const partAreas = (region) => piecesOf(region, 1).areas;

/**
 * Ones hang together at corners too, zeros only along sides.
 * @param {Region} region @param {0|1} value @returns {Pieces}
 */
function piecesOf({ width, height, data }, value) {
  /** @type {number[]} */
  const rows = [];
  /** @type {number[]} */
  const starts = [];
  /** @type {number[]} */
  const ends = [];
  /** @type {number[]} */
  const parent = [];
  const root = (/** @type {number} */ run) => {
    while (parent[run] !== run) run = parent[run] = parent[parent[run]];
    return run;
  };
  const corner = value; // how far beyond its ends a run reaches
  let above = 0; // first run of the row above that may still touch
  for (let row = 0; row < height; row++) {
    const rowStart = row * width;
    const rowsFirst = starts.length;
    for (let column = 0; column < width; ) {
      if (data[rowStart + column] !== value) {
        column++;
        continue;
      }
      const start = column;
      while (column < width && data[rowStart + column] === value) column++;
      const run = starts.length;
      rows.push(row);
      starts.push(start);
      ends.push(column);
      parent.push(run);
      while (above < rowsFirst && ends[above] + corner <= start) above++;
      for (let other = above; other < rowsFirst && starts[other] < column + corner; other++) {
        const [a, b] = [root(other), root(run)];
        parent[Math.max(a, b)] = Math.min(a, b);
      }
    }
    above = rowsFirst;
  }
  const pieceOf = new Int32Array(starts.length);
  const areas = [];
  for (let run = 0; run < starts.length; run++) {
    const first = root(run);
    pieceOf[run] = first === run ? areas.push(0) - 1 : pieceOf[first];
    areas[pieceOf[run]] += ends[run] - starts[run];
  }
  return {
    rows: Int32Array.from(rows),
    starts: Int32Array.from(starts),
    ends: Int32Array.from(ends),
    pieceOf,
    areas: Float64Array.from(areas),
  };
}

/** @param {Pieces} pieces @param {(piece: number, row: number, start: number, end: number) => void} call */
function forEachRun({ rows, starts, ends, pieceOf }, call) {
  for (let run = 0; run < rows.length; run++) call(pieceOf[run], rows[run], starts[run], ends[run]);
}
