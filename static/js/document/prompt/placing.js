/** In which window of the image a prompt is decoded, and logits of one window as those of another. */

import { frameUnder } from "../../geometry/frames.js";
import { logitsInFrame } from "../../geometry/mask-input.js";
import { holds } from "../../geometry/windows.js";

/** @typedef {import("./said.js").Said} Said */
/** @typedef {import("../../core/types.js").Window} Window */
/** @typedef {import("../../core/types.js").LowRes} LowRes */
/** @typedef {import("../../core/types.js").Box} Box */
/** @typedef {{width: number, height: number}} Size */

/** Around all that is said. @param {Said} said @returns {Box} */
function extentOf({ points, box }) {
  const [x0, y0, x1, y1] = box ?? [Infinity, Infinity, -Infinity, -Infinity];
  const [across, down] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return [Math.min(x0, ...across), Math.min(y0, ...down), Math.max(x1, ...across), Math.max(y1, ...down)];
}

/**
 * The same in the finest window there is for it: the one looked through or the one it was said in; else in the whole image.
 * @param {Said} said @param {readonly (Window|null)[]} windows  of equals the first is taken @param {Size|null} image @returns {Said}
 */
export function placed(said, windows, image) {
  const extent = extentOf(said);
  const fitting = windows.flatMap((window) => (window && image && holds(window, extent, image) ? [window] : []));
  const side = (/** @type {Window} */ { width, height }) => Math.max(width, height);
  const within = fitting.reduce((best, each) => (best && side(best) <= side(each) ? best : each), /** @type {Window|null} */ (null));
  return within?.key === said.within?.key ? said : Object.freeze({ ...said, within });
}

/**
 * What is fed back is interpolated where the window has changed: the decoder goes on from the mask that was seen. The same
 * for the same logits.
 */
export function createMoving() {
  /** @type {WeakMap<LowRes, Map<string, LowRes>>} */
  const known = new WeakMap();

  /** @param {LowRes} lowRes @param {Window|null} within @param {Size|null} image @returns {LowRes} */
  return (lowRes, within, image) => {
    if (!image || lowRes.within?.key === within?.key) return lowRes;
    const moved = known.get(lowRes) ?? new Map();
    known.set(lowRes, moved);
    const key = within?.key ?? "";
    const made = moved.get(key) ?? { ...logitsInFrame(lowRes, frameUnder(lowRes.resize, lowRes, image), frameUnder(lowRes.resize, { within }, image)), within };
    moved.set(key, made);
    return made;
  };
}
