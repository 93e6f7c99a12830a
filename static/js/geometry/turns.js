/** A picture turned by quarters: where its places lie in the turned picture, and on screen. */

/** @typedef {0|1|2|3} Turn  quarters clockwise */
/** @typedef {{x: number, y: number}} Place */
/** @typedef {{width: number, height: number}} Size */
/**
 * As canvases have it: X = a x + c y + e, Y = b x + d y + f.
 * @typedef {[a: number, b: number, c: number, d: number, e: number, f: number]} Matrix
 */

/** @param {number} quarters any whole number @returns {Turn} */
export function turnOf(quarters) {
  return /** @type {Turn} */ (((quarters % 4) + 4) % 4);
}

/** How large the turned picture is. @param {Size} size @param {Turn} turn @returns {Size} */
export function turnedSize({ width, height }, turn) {
  return turn % 2 ? { width: height, height: width } : { width, height };
}

/**
 * Image frame to screen.
 * @param {{scale: number, x: number, y: number, turn: Turn}} view  x, y: the turned picture's corner on screen
 * @param {Size} size of the picture, image pixels
 * @returns {Matrix}
 */
export function matrixOf({ scale, x, y, turn }, { width, height }) {
  switch (turn) {
    case 1:
      return [0, scale, -scale, 0, x + height * scale, y];
    case 2:
      return [-scale, 0, 0, -scale, x + width * scale, y + height * scale];
    case 3:
      return [0, -scale, scale, 0, x, y + width * scale];
    default:
      return [scale, 0, 0, scale, x, y];
  }
}

/** @param {Matrix} matrix @param {Place} place @returns {Place} */
export function applied([a, b, c, d, e, f], { x, y }) {
  return { x: a * x + c * y + e, y: b * x + d * y + f };
}

/** @param {Matrix} matrix @returns {Matrix} what takes it back */
export function inverse([a, b, c, d, e, f]) {
  const by = a * d - b * c;
  return [d / by, -b / by, -c / by, a / by, (c * f - d * e) / by, (b * e - a * f) / by];
}

/**
 * The upright rectangle that a rectangle becomes, as [left, top, right, bottom].
 * @param {Matrix} matrix @param {readonly [number, number, number, number]} rect left, top, right, bottom
 * @returns {[number, number, number, number]}
 */
export function appliedRect(matrix, [left, top, right, bottom]) {
  const from = applied(matrix, { x: left, y: top });
  const to = applied(matrix, { x: right, y: bottom });
  return [Math.min(from.x, to.x), Math.min(from.y, to.y), Math.max(from.x, to.x), Math.max(from.y, to.y)];
}
