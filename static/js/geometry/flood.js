/** The pixels around one that are coloured like it: a flood fill, row by row. */

/** @typedef {import("./region.js").Region} Region */
/** @typedef {{width: number, height: number, data: Uint8ClampedArray}} Pixels  RGBA, row-major */

/**
 * Mean colour of a pixel and of those beside it that are alike, so that grain does not decide.
 * @param {Pixels} pixels @param {number} x @param {number} y @param {number} tolerance
 * @returns {[number, number, number]}
 */
function colorAround({ width, height, data }, x, y, tolerance) {
  const own = 4 * (y * width + x);
  const sum = [0, 0, 0];
  let count = 0;
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
      const at = 4 * (row * width + column);
      if ([0, 1, 2].some((channel) => Math.abs(data[at + channel] - data[own + channel]) > tolerance)) continue;
      for (let channel = 0; channel < 3; channel++) sum[channel] += data[at + channel];
      count += 1;
    }
  }
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/**
 * What is connected, side by side, with a pixel and in no channel differs by more than the tolerance from the colour there.
 * The pixel itself always belongs.
 * @param {Pixels} pixels @param {number} x @param {number} y  of the pixel @param {number} tolerance 0 to 255
 * @returns {Region} in the pixels' own frame
 */
export function flood(pixels, x, y, tolerance) {
  const { width, height, data } = pixels;
  const color = colorAround(pixels, x, y, tolerance);
  const [r0, g0, b0] = color.map((value) => value - tolerance);
  const [r1, g1, b1] = color.map((value) => value + tolerance);
  const filled = new Uint8Array(width * height);
  let [left, right, top, bottom] = [x, x, y, y];

  /** @param {number} at index of a pixel */
  function alike(at) {
    if (filled[at]) return false;
    const red = data[4 * at];
    const green = data[4 * at + 1];
    const blue = data[4 * at + 2];
    return red >= r0 && red <= r1 && green >= g0 && green <= g1 && blue >= b0 && blue <= b1;
  }

  /** Marks the run of like pixels around one in its row, and notes it. @param {number} row @param {number} column @returns {[number, number]} */
  function fillRun(row, column) {
    const start = row * width;
    let from = column;
    let to = column;
    while (from > 0 && alike(start + from - 1)) from--;
    while (to < width - 1 && alike(start + to + 1)) to++;
    filled.fill(1, start + from, start + to + 1);
    left = Math.min(left, from);
    right = Math.max(right, to);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
    return [from, to];
  }

  // Stretches of rows to be looked at, and which way the fill came to them: what it came from needs no second look.
  const [first, last] = fillRun(y, x);
  const waiting = [
    { row: y + 1, from: first, to: last, way: 1 },
    { row: y - 1, from: first, to: last, way: -1 },
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { row, from, to, way } = next;
    if (row < 0 || row >= height) continue;
    for (let column = from; column <= to; column++) {
      if (!alike(row * width + column)) continue;
      const [start, end] = fillRun(row, column);
      waiting.push({ row: row + way, from: start, to: end, way });
      if (start < from - 1) waiting.push({ row: row - way, from: start, to: from - 2, way: -way });
      if (end > to + 1) waiting.push({ row: row - way, from: to + 2, to: end, way: -way });
      column = end + 1;
    }
  }

  const columns = right - left + 1;
  const tight = new Uint8Array(columns * (bottom - top + 1));
  for (let row = top; row <= bottom; row++) {
    const start = row * width + left;
    tight.set(filled.subarray(start, start + columns), (row - top) * columns);
  }
  return { x: left, y: top, width: columns, height: bottom - top + 1, data: tight };
}

/** Every n-th pixel, from the middle of its square. @param {Pixels} pixels @param {number} step @returns {Pixels} */
export function thinned({ width, height, data }, step) {
  const columns = Math.floor(width / step);
  const rows = Math.floor(height / step);
  const from = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const to = new Uint32Array(columns * rows);
  const middle = step >> 1;
  for (let row = 0; row < rows; row++) {
    const start = (row * step + middle) * width + middle;
    for (let column = 0; column < columns; column++) to[row * columns + column] = from[start + column * step];
  }
  return { width: columns, height: rows, data: new Uint8ClampedArray(to.buffer) };
}
