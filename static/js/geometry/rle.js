/** COCO run-length encoding: column-major runs, the first of zeros; compressed strings as pycocotools makes them. */

/** @typedef {import("../core/types.js").Rle} Rle */
/** @typedef {[number, number, number, number]} Bbox  x, y, width, height in pixels */

/** @param {ArrayLike<number>} counts @returns {string} */
export function compressCounts(counts) {
  /** @type {number[]} */
  const bytes = [];
  const parts = [];
  for (let i = 0; i < counts.length; i++) {
    let rest = i > 2 ? counts[i] - counts[i - 2] : counts[i]; // later runs as differences to the run before the last
    for (let more = true; more; ) {
      let five = rest & 0x1f;
      rest >>= 5;
      more = five & 0x10 ? rest !== -1 : rest !== 0;
      if (more) five |= 0x20;
      bytes.push(five + 48);
    }
    if (bytes.length > 8192) parts.push(String.fromCharCode(...bytes.splice(0)));
  }
  parts.push(String.fromCharCode(...bytes));
  return parts.join("");
}

/** @param {string} text @returns {Uint32Array} */
export function expandCounts(text) {
  const counts = new Uint32Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; ) {
    let value = 0;
    let shift = 0;
    for (let more = true; more; shift += 5) {
      if (at >= text.length) throw new RangeError("RLE string ends in the middle of a number");
      const six = text.charCodeAt(at++) - 48;
      value |= (six & 0x1f) << shift;
      more = (six & 0x20) !== 0;
      if (!more && six & 0x10) value |= -1 << (shift + 5);
    }
    counts[length] = length > 2 ? value + counts[length - 2] : value;
    length++;
  }
  return counts.slice(0, length);
}

/** @param {ArrayLike<number>} counts @returns {number} pixels of ones */
export function areaOf(counts) {
  let area = 0;
  for (let i = 1; i < counts.length; i += 2) area += counts[i];
  return area;
}

/**
 * Smallest box around the ones; [0, 0, 0, 0] of an empty mask.
 * @param {ArrayLike<number>} counts @param {number} height  image pixels @returns {Bbox}
 */
export function bboxOf(counts, height) {
  let left = Infinity;
  let right = -1;
  let top = Infinity;
  let bottom = -1;
  for (let i = 0, at = 0; i < counts.length; at += counts[i++]) {
    if (i % 2 === 0 || counts[i] === 0) continue;
    const last = at + counts[i] - 1;
    const firstColumn = Math.floor(at / height);
    const lastColumn = Math.floor(last / height);
    left = Math.min(left, firstColumn);
    right = Math.max(right, lastColumn);
    if (firstColumn === lastColumn) {
      top = Math.min(top, at % height);
      bottom = Math.max(bottom, last % height);
    } else {
      top = 0; // a run over the end of a column holds its bottom and the next one's top
      bottom = height - 1;
    }
  }
  return right < 0 ? [0, 0, 0, 0] : [left, top, right - left + 1, bottom - top + 1];
}

/**
 * The mask within its own bounding box, as the renderer uploads it: row-major, 0 or 255.
 * @param {Rle} rle @returns {{x: number, y: number, width: number, height: number, data: Uint8Array}}
 */
export function rleToBitmap(rle) {
  const counts = expandCounts(rle.counts);
  const imageHeight = rle.size[0];
  const [x, y, width, height] = bboxOf(counts, imageHeight);
  const data = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < counts.length; at += counts[i++]) {
    if (i % 2 === 0) continue;
    const end = at + counts[i];
    for (let from = at; from < end; ) {
      const column = Math.floor(from / imageHeight);
      const stop = Math.min(end, (column + 1) * imageHeight);
      let into = (from - column * imageHeight - y) * width + column - x;
      for (; from < stop; from++, into += width) data[into] = 255;
    }
  }
  return { x, y, width, height, data };
}

/**
 * How much of each cell of `step` x `step` pixels the mask covers, 0 to 255, row-major over a part of the image.
 * @param {ArrayLike<number>} counts @param {number} imageHeight
 * @param {{x: number, y: number, columns: number, rows: number, step: number}} part
 *   corner in pixels; columns and rows of cells
 * @returns {Uint8ClampedArray}
 */
export function coverage(counts, imageHeight, { x, y, columns, rows, step }) {
  const covered = new Uint16Array(columns * rows); // pixels of each cell; step is far below 256
  const right = x + columns * step;
  const bottom = y + rows * step;
  for (let i = 0, at = 0; i < counts.length; at += counts[i++]) {
    if (i % 2 === 0) continue;
    const end = at + counts[i];
    for (let column = Math.max(x, Math.floor(at / imageHeight)); column < right; column++) {
      const start = column * imageHeight;
      if (start >= end) break;
      const stop = Math.min(end - start, bottom, imageHeight);
      for (let row = Math.max(at - start, y); row < stop; ) {
        const cell = Math.floor((row - y) / step);
        const next = Math.min(stop, y + (cell + 1) * step);
        covered[cell * columns + Math.floor((column - x) / step)] += next - row;
        row = next;
      }
    }
  }
  return Uint8ClampedArray.from(covered, (pixels) => (255 * pixels) / (step * step));
}

/**
 * @param {Uint32Array} counts @param {number} width @param {number} height  image pixels
 * @returns {import("../core/types.js").MaskRle}
 */
export function maskRle(counts, width, height) {
  const rle = { size: /** @type {[number, number]} */ ([height, width]), counts: compressCounts(counts) };
  return { rle, area: areaOf(counts), bbox: bboxOf(counts, height) };
}
