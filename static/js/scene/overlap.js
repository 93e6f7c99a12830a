/** Objects that may not overlap: a mask that is added or changed takes its pixels from the others. Pure. */

import { isEmpty, overlap, regionOf, rleOf, subtract } from "../geometry/region.js";

/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("./changes.js").Change} Change */

/** @param {Annotation} annotation @param {import("../geometry/region.js").Region} taken @returns {Annotation|null} */
function lessened(annotation, taken) {
  const rest = subtract(regionOf(annotation.rle), taken);
  if (isEmpty(rest)) return null;
  const [height, width] = annotation.rle.size;
  return { ...annotation, ...rleOf(rest, width, height), candidate: null, predicted_iou: null, stability_score: null };
}

/** @param {Annotation} a @param {Annotation} b  by their boxes */
function mayOverlap({ bbox: [x, y, width, height] }, { bbox: [u, v, across, down] }) {
  return x < u + across && u < x + width && y < v + down && v < y + height;
}

/**
 * The same changes with what they do to others: those lose what is now the changed object's, and are removed when nothing
 * is left. Locked ones lose nothing: what is theirs is taken from the changed object.
 * @param {readonly Change[]} changes @param {readonly Annotation[]} shown @param {ReadonlySet<string>} locked
 * @returns {Change[]}
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
        if (kept && other && mayOverlap(kept, other) && overlaps(kept, other)) kept = lessened(kept, regionOf(other.rle));
      }
      const taken = kept && regionOf(kept.rle);
      for (const [id, other] of others) {
        if (kept && taken && other && !locked.has(id) && mayOverlap(kept, other) && overlaps(kept, other))
          others.set(id, lessened(other, taken));
      }
    }
    if (before || kept) own.push({ before, after: kept });
  }
  const pushed = shown.filter(({ id }) => others.has(id) && others.get(id) !== shown.find((each) => each.id === id));
  return [...own, ...pushed.map((before) => ({ before, after: others.get(before.id) ?? null }))];
}

/** @param {Annotation} a @param {Annotation} b */
function overlaps(a, b) {
  return overlap(regionOf(a.rle), regionOf(b.rle));
}
