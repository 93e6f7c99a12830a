/** What tools that draw masks do to objects: a region is added to one, taken from it, or becomes one. */

import { t } from "../../core/text.js";
import { takenSentence } from "../../document/objects/taken.js";
import { subtractedRuns, unitedRuns } from "../../geometry/combining.js";
import { rleOf } from "../../geometry/region.js";
import { expandCounts, maskRle } from "../../geometry/rle.js";

/** @typedef {import("./tool.js").Editor} Editor */
/** @typedef {import("./tool.js").Document} Document */
/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("../../geometry/region.js").Region} Region */

/**
 * Why an object cannot be changed, as a sentence; read in a computed signal it follows what is locked and hidden.
 * @param {Document} doc @param {Annotation|null} object @returns {string|null}
 */
export function objection({ objects, presence }, object) {
  if (!object) return null;
  const { id, label } = object;
  if (objects.locked.value.has(id)) return t("{label} is locked. Unlock it to change it.", { label });
  const other = presence.taken.value.get(id);
  if (other !== undefined) return takenSentence(other, label);
  if (objects.concealed.value.has(id)) return t("{label} is hidden. Show it to change it.", { label });
  return null;
}

/**
 * One entry of the history, unless nothing changes. What is left empty is removed; a new object is selected.
 * @param {Editor} editor @param {Region} region
 * @param {{title: string, object: Annotation|null, erases: boolean}} how  object: null for a new one
 */
export function applyRegion({ doc, viewport }, region, { title, object, erases }) {
  const { width, height } = viewport.picture.peek();
  const drawn = rleOf(region, width, height);
  if (!object) {
    if (erases || !drawn.area) return;
    const after = doc.newAnnotation(drawn);
    if (doc.edit(title, [{ before: null, after }])) doc.objects.select(after.id);
    return;
  }
  const [before, runs] = [object.rle, drawn.rle].map(({ counts }) => expandCounts(counts));
  const mask = maskRle(erases ? subtractedRuns(before, runs) : unitedRuns(before, runs), width, height);
  if (mask.area === object.area) return;
  const done = doc.edit(title, [{ before: object, after: mask.area ? doc.withMask(object, mask) : null }]);
  if (mask.area || !done) return;
  doc.removed.value = { text: t("Nothing was left of {label}, so it was deleted.", { label: object.label }), objects: [object] };
}
