/** Connected pieces of a mask and the holes in it: told apart, filled, left out. */

import { blank, NOTHING, trimmed } from "./region.js";
import { bboxOf, expandCounts } from "./rle.js";

/** @typedef {import("./region.js").Region} Region */
/** @typedef {import("../core/types.js").Rle} Rle */
/** @typedef {{rows: number[], starts: number[], ends: number[]}} Runs  of one value, line by line; ends: the place after the last */
/** @typedef {Runs & {pieceOf: Int32Array, areas: Float64Array}} Pieces  pieces are numbered by their first runs; pixels of each */

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
 * Without pieces of fewer than so many pixels; the largest piece always stays, and so do those with a place to keep.
 * @param {Region} region @param {number} least @param {ReadonlyArray<{x: number, y: number}>} [kept]  image frame
 * @returns {Region} tight
 */
export function withoutSpecks(region, least, kept = []) {
  const pieces = piecesOf(region, 1);
  if (!pieces.areas.length) return NOTHING;
  const needed = Math.min(least, pieces.areas.reduce((most, area) => Math.max(most, area)));
  const stay = new Uint8Array(pieces.areas.length);
  const rows = kept.map(({ x, y }) => [Math.floor(y) - region.y, Math.floor(x) - region.x]);
  forEachRun(pieces, (piece, row, start, end) => {
    if (pieces.areas[piece] >= needed || rows.some(([y, x]) => y === row && x >= start && x < end)) stay[piece] = 1;
  });
  const data = region.data.slice();
  forEachRun(pieces, (piece, row, start, end) => {
    if (!stay[piece]) data.fill(0, row * region.width + start, row * region.width + end);
  });
  return trimmed({ ...region, data });
}

/**
 * How many pixels each part has, and all holes together: told from the runs, whatever the area.
 * @param {Rle} rle @returns {{areas: Float64Array, holes: number}}
 */
export function measured(rle) {
  const counts = expandCounts(rle.counts);
  const frame = bboxOf(counts, rle.size[0]);
  const ones = columnRuns(counts, rle.size[0], frame);
  const zeros = gapsOf(ones, frame);
  const [, , width, height] = frame;
  const pieces = connected(zeros, 0);
  const open = new Uint8Array(pieces.areas.length);
  forEachRun(pieces, (piece, column, start, end) => {
    if (!column || column === width - 1 || !start || end === height) open[piece] = 1;
  });
  const holes = pieces.areas.reduce((sum, area, piece) => (open[piece] ? sum : sum + area), 0);
  return { areas: connected(ones, 1).areas, holes };
}

/** @param {Region} region @param {0|1} value @returns {Pieces} */
function piecesOf({ width, height, data }, value) {
  /** @type {Runs} */
  const runs = { rows: [], starts: [], ends: [] };
  for (let row = 0; row < height; row++) {
    const first = row * width;
    for (let column = 0; column < width; ) {
      if (data[first + column] !== value) {
        column++;
        continue;
      }
      runs.rows.push(row);
      runs.starts.push(column);
      while (column < width && data[first + column] === value) column++;
      runs.ends.push(column);
    }
  }
  return connected(runs, value);
}

/**
 * The ones of a mask column by column.
 * @param {Uint32Array} counts @param {number} imageHeight @param {import("./rle.js").Bbox} frame @returns {Runs} within it
 */
function columnRuns(counts, imageHeight, [x, y]) {
  /** @type {Runs} */
  const runs = { rows: [], starts: [], ends: [] };
  for (let i = 1, at = counts[0]; i < counts.length; at += counts[i] + (counts[i + 1] ?? 0), i += 2) {
    const stop = at + counts[i];
    for (let from = at; from < stop; ) {
      const column = Math.floor(from / imageHeight);
      const to = Math.min(stop, (column + 1) * imageHeight);
      runs.rows.push(column - x);
      runs.starts.push(from - column * imageHeight - y);
      runs.ends.push(to - column * imageHeight - y);
      from = to;
    }
  }
  return runs;
}

/** @param {Runs} runs @param {import("./rle.js").Bbox} frame @returns {Runs} the rest of the frame, column by column */
function gapsOf({ rows, starts, ends }, [, , width, height]) {
  /** @type {Runs} */
  const gaps = { rows: [], starts: [], ends: [] };
  for (let column = 0, run = 0; column < width; column++) {
    let from = 0;
    for (; rows[run] === column; run++) {
      addRun(gaps, column, from, starts[run]);
      from = ends[run];
    }
    addRun(gaps, column, from, height);
  }
  return gaps;
}

/** @param {Runs} runs @param {number} row @param {number} start @param {number} end */
function addRun({ rows, starts, ends }, row, start, end) {
  if (end <= start) return;
  rows.push(row);
  starts.push(start);
  ends.push(end);
}

/**
 * Which runs hang together: ones at corners too, zeros only along sides.
 * @param {Runs} runs @param {0|1} value @returns {Pieces}
 */
function connected({ rows, starts, ends }, value) {
  const count = rows.length;
  const parent = Int32Array.from({ length: count }, (_, run) => run);
  const root = (/** @type {number} */ run) => {
    while (parent[run] !== run) run = parent[run] = parent[parent[run]];
    return run;
  };
  const corner = value; // how far beyond its ends a run reaches
  let above = 0; // the first run that may still touch this one from the line before
  for (let run = 0; run < count; run++) {
    while (rows[above] < rows[run] - 1 || (rows[above] === rows[run] - 1 && ends[above] + corner <= starts[run])) above++;
    for (let other = above; rows[other] === rows[run] - 1 && starts[other] < ends[run] + corner; other++) {
      const [a, b] = [root(other), root(run)];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  }
  const pieceOf = new Int32Array(count);
  const areas = [];
  for (let run = 0; run < count; run++) {
    const first = root(run);
    pieceOf[run] = first === run ? areas.push(0) - 1 : pieceOf[first];
    areas[pieceOf[run]] += ends[run] - starts[run];
  }
  return { rows, starts, ends, pieceOf, areas: Float64Array.from(areas) };
}

/** @param {Pieces} pieces @param {(piece: number, row: number, start: number, end: number) => void} call */
function forEachRun({ rows, starts, ends, pieceOf }, call) {
  for (let run = 0; run < rows.length; run++) call(pieceOf[run], rows[run], starts[run], ends[run]);
}
