/** The windows of a large image, encoded on their own; mirrors server/domain/windows.py, where they are explained. */

/** @typedef {import("../core/types.js").Box} Box */
/** @typedef {import("../core/types.js").Window} Window */
/** @typedef {{width: number, height: number}} Size  of the image, pixels */

const SMALLEST_SIDE = 768;
const PER_SIDE = 3;
const AROUND = 1.5;
const MARGIN = 1 / 16;

/** @param {number} level @param {Size} size */
const sideOf = (level, { width, height }) => Math.ceil(Math.max(width, height) / 2 ** level);

/** @param {Size} size */
export function levels(size) {
  let level = 0;
  while (sideOf(level + 1, size) >= SMALLEST_SIDE) level++;
  return level;
}

/** @param {string} key @param {Size} size @returns {Window|null} null: the image has no such window */
export function findWindow(key, size) {
  const [level, column, row] = key.split("-").map(Number);
  const window = level >= 1 && level <= levels(size) ? windowAt(level, column, row, size) : null;
  const side = sideOf(level, size);
  return window?.key === key && column < count(size.width, side) && row < count(size.height, side) ? window : null;
}

/** The window to look through while this part is in view; null while a third of the image or more is. @param {Box} view @param {Size} size */
export function windowOfView(view, size) {
  const part = within(view, size);
  for (let level = levels(size); level > 0; level--) if (isWideEnough(part, sideOf(level, size))) return nearest(part, level, size);
  return null;
}

/** The smallest window with room around what a prompt is about; null: only the whole image has it. @param {Box} extent @param {Size} size */
export function windowOfPrompt(extent, size) {
  const part = within(extent, size);
  for (let level = levels(size); level > 0; level--) {
    const window = nearest(part, level, size);
    if (isWideEnough(part, sideOf(level, size)) && holds(window, part, size)) return window;
  }
  return null;
}

/**
 * Whether all of a prompt lies in the window and not at its very edge, unless the image ends there too.
 * @param {Window} window @param {Box} extent @param {Size} size
 */
export function holds({ x, y, width, height }, [x0, y0, x1, y1], size) {
  const free = MARGIN * Math.max(width, height);
  return (
    (x0 >= x + free || x === 0) &&
    (y0 >= y + free || y === 0) &&
    (x1 <= x + width - free || x + width === size.width) &&
    (y1 <= y + height - free || y + height === size.height)
  );
}

/** @param {Box} rect @param {Size} size @returns {Box} */
function within([x0, y0, x1, y1], { width, height }) {
  const [across, down] = [width, height].map((most) => (/** @type {number} */ at) => Math.min(Math.max(at, 0), most));
  return [across(x0), down(y0), across(x1), down(y1)];
}

/** @param {Box} part @param {number} side */
const isWideEnough = ([x0, y0, x1, y1], side) => AROUND * Math.max(x1 - x0, y1 - y0) <= side;

/** How many windows stand along an image's side. @param {number} length @param {number} side */
const count = (length, side) => (side >= length ? 1 : Math.ceil(((length - side) * PER_SIDE) / side) + 1);

/** The window of the level whose centre is nearest to the part's. @param {Box} part @param {number} level @param {Size} size */
function nearest([x0, y0, x1, y1], level, size) {
  const side = sideOf(level, size);
  const index = (/** @type {number} */ centre, /** @type {number} */ length) => {
    const last = count(length, side) - 1;
    const place = last && Math.floor(((centre - side / 2) * last) / (length - side) + 0.5);
    return Math.min(Math.max(place, 0), last);
  };
  return windowAt(level, index((x0 + x1) / 2, size.width), index((y0 + y1) / 2, size.height), size);
}

/** @param {number} level @param {number} column @param {number} row @param {Size} size @returns {Window} */
function windowAt(level, column, row, size) {
  const side = sideOf(level, size);
  const start = (/** @type {number} */ index, /** @type {number} */ length) => {
    const last = count(length, side) - 1;
    return last && Math.floor((index * (length - side)) / last);
  };
  return {
    key: `${level}-${column}-${row}`,
    x: start(column, size.width),
    y: start(row, size.height),
    width: Math.min(side, size.width),
    height: Math.min(side, size.height),
  };
}
