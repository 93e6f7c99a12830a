/** Which proposals are shown, which lies under a place, which inside a box. Only numbers here, no elements. */

import { covers } from "../../../editor/picking.js";

/** @typedef {import("../../../core/api-types.js").Proposal} Proposal */
/** @typedef {{confidence: number, stability: number, size: number, overlap: number}} Filters  size: least, of the image's area */
/** @typedef {{x: number, y: number}} Place */

const INSIDE = 0.9; // of a proposal's box, of what a drag takes

/**
 * The proposals that pass, the largest first; of two whose boxes are more alike than `overlap` the more certain one.
 * @param {readonly Proposal[]} proposals @param {Filters} filters @param {number} pixels  of the image @returns {Proposal[]}
 */
export function shownOf(proposals, { confidence, stability, size, overlap }, pixels) {
  const passing = proposals.filter(
    (each) => each.predicted_iou >= confidence && each.stability_score >= stability && each.area >= size * pixels,
  );
  passing.sort((a, b) => b.predicted_iou - a.predicted_iou || b.stability_score - a.stability_score);
  /** @type {Proposal[]} */
  const kept = [];
  for (const each of passing) if (!kept.some((other) => alike(each.bbox, other.bbox) > overlap)) kept.push(each);
  return kept.sort((a, b) => b.area - a.area);
}

/** IoU of two boxes. @param {readonly number[]} a  x, y, width, height @param {readonly number[]} b */
export function alike([ax, ay, aw, ah], [bx, by, bw, bh]) {
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  if (width <= 0) return 0;
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  if (height <= 0) return 0;
  const both = width * height;
  return both / (aw * ah + bw * bh - both);
}

/** All that lie under a place, the smallest first. @param {readonly Proposal[]} shown @param {Place} place */
export function under(shown, place) {
  const { x, y } = place;
  const there = shown.filter(
    ({ bbox, rle }) => x >= bbox[0] && y >= bbox[1] && x < bbox[0] + bbox[2] && y < bbox[1] + bbox[3] && covers(rle, place),
  );
  return there.sort((a, b) => a.area - b.area);
}

/** Those that lie in a box, but for a little. @param {readonly Proposal[]} shown @param {readonly number[]} box  x0, y0, x1, y1 */
export function inside(shown, [x0, y0, x1, y1]) {
  return shown.filter(({ bbox: [x, y, width, height] }) => {
    const across = Math.max(0, Math.min(x1, x + width) - Math.max(x0, x));
    const down = Math.max(0, Math.min(y1, y + height) - Math.max(y0, y));
    return across * down >= INSIDE * width * height;
  });
}
