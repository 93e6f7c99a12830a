/** Objects that may not overlap: a mask that is added or changed takes its pixels from the others. Pure. */

import { subtractedRuns } from "../../geometry/combining.js";
import { areaOf, expandCounts, maskRle } from "../../geometry/rle.js";
import { OF_NO_NETWORK } from "../sync/changes.js";

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("../sync/changes.js").Change} Change */

/**
 * An object without the pixels of another: itself if they share none, null if nothing is left.
 * @param {Annotation} object @param {Annotation} other @returns {Annotation|null}
 */
function lessened(object, other) {
  if (!boxesMeet(object, other)) return object;
  const rest = subtractedRuns(expandCounts(object.rle.counts), expandCounts(other.rle.counts));
  const area = areaOf(rest);
  if (area === object.area) return object;
  if (!area) return null;
  const [height, width] = object.rle.size;
  return { ...object, ...maskRle(rest, width, height), ...OF_NO_NETWORK };
}

/** Whether the boxes have a pixel in common. @param {Annotation} a @param {Annotation} b */
export function boxesMeet({ bbox: [ax, ay, aw, ah] }, { bbox: [bx, by, bw, bh] }) {
  return ax < bx + bw && bx < ax + aw && ay < by + bh && by < ay + ah;
}

/**
 * The same changes with what they do to others, whether those lie above or below: they lose what is now the changed
 * object's, and are removed when nothing is left. Locked ones lose nothing: what is theirs is taken from the changed object.
 * @param {readonly Change[]} changes @param {readonly Annotation[]} shown @param {ReadonlySet<string>} locked
 * @returns {{changes: Change[], none: null} | {changes: null, none: Annotation}}
 *   none: a changed object of which nothing would be left, so that the changes cannot be made
 */
export function withoutOverlap(changes, shown, locked) {
  const changed = new Set(changes.map(({ before, after }) => (before ?? after)?.id));
  const others = new Map(shown.filter(({ id }) => !changed.has(id)).map((each) => [each.id, /** @type {Annotation|null} */ (each)]));
  /** @type {Change[]} */
  const own = [];
  for (const { before, after } of changes) {
    let kept = after;
    if (kept && kept.rle.counts !== before?.rle.counts) {
      for (const id of locked) {
        const other = others.get(id);
        if (kept && other) kept = lessened(kept, other);
      }
      if (!kept && after) return { changes: null, none: after };
      for (const [id, other] of others) if (kept && other && !locked.has(id)) others.set(id, lessened(other, kept));
    }
    own.push({ before, after: kept });
  }
  const pushed = shown.filter((each) => others.has(each.id) && others.get(each.id) !== each);
  return { changes: [...own, ...pushed.map((before) => ({ before, after: others.get(before.id) ?? null }))], none: null };
}
