/** What a change of an annotation is, which fields it touches, and how two changes meet. Pure. */

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {{before: Annotation|null, after: Annotation|null}} Change  before null: added; after null: removed */
/** @typedef {Exclude<keyof Annotation, typeof OF_THE_SERVER[number]>} Field */
/** @typedef {Partial<Pick<Annotation, Field>>} Patch */

/** What tells how a mask was made goes with the mask: of two versions, all of one or all of the other. */
const OF_THE_MASK = Object.freeze(
  /** @type {const} */ ([
    "rle",
    "prompts",
    "segmenter",
    "weights",
    "window",
    "candidate",
    "predicted_iou",
    "stability_score",
    "candidates_iou",
  ]),
);
/** What a mask has that no network made as it is. */
export const OF_NO_NETWORK = Object.freeze({ candidate: null, predicted_iou: null, stability_score: null, candidates_iou: null });
/** Which label it has, and what that is called and looks like. */
const OF_THE_LABEL = Object.freeze(/** @type {const} */ (["label_id", "label", "color"]));
/** What no person changes, or only with the mask: every other field can be. */
const OF_THE_SERVER = Object.freeze(
  /** @type {const} */ ([
    "id",
    "project_id",
    "image_id",
    "area",
    "bbox",
    "version",
    "created_at",
    "updated_at",
    "created_by",
    "updated_by",
  ]),
);

/** As JSON, whose names have no order. @param {any} a @param {any} b @returns {boolean} */
function same(a, b) {
  if (a === b) return true;
  if (!a || !b || typeof a !== "object" || typeof b !== "object" || Array.isArray(a) !== Array.isArray(b)) return false;
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.every((name) => same(a[name], b[name]));
}

/** @param {Patch} of @returns {Field[]} */
function fieldsOf(of) {
  const others = /** @type {readonly string[]} */ (OF_THE_SERVER);
  return /** @type {Field[]} */ (Object.keys(of).filter((field) => !others.includes(field)));
}

/** @param {Patch} from @param {Patch} to @returns {Field[]} those that `to` names and that differ */
function differing(from, to) {
  return fieldsOf(to).filter((field) => !same(from[field], to[field]));
}

/** All that can be changed of an annotation. @param {Annotation} annotation */
export function changeable(annotation) {
  return picked(annotation, fieldsOf(annotation));
}

/** @template {Patch} T @param {T} of @param {readonly Field[]} fields @returns {Patch} */
export function picked(of, fields) {
  return Object.fromEntries(fields.filter((field) => field in of).map((field) => [field, of[field]]));
}

/** What leads from one version to the next. @param {Annotation} before @param {Annotation} after @returns {Patch} */
export function patchOf(before, after) {
  return picked(after, differing(before, after));
}

/**
 * An annotation with some fields as in another, the mask's measures with the mask.
 * @param {Annotation} annotation @param {Patch} patch @param {Pick<Annotation, 'area'|'bbox'>} measures
 * @returns {Annotation}
 */
export function patched(annotation, patch, { area, bbox }) {
  const unnamed = "label" in patch && !("label_id" in patch); // of an earlier version of this page
  return { ...annotation, ...patch, ...(unnamed ? { label_id: null } : {}), ...(patch.rle ? { area, bbox } : {}) };
}

/**
 * Two edits, one after the other, as one: without what is in the end as it was.
 * @param {readonly Change[]} first @param {readonly Change[]} second @returns {Change[]}
 */
export function composed(first, second) {
  const all = new Map(first.map((change) => [idOf(change), change]));
  for (const change of second) {
    const id = idOf(change);
    all.set(id, { before: (all.get(id) ?? change).before, after: change.after });
  }
  return [...all.values()].filter(({ before, after }) => (before && after ? differing(before, after).length : before ?? after));
}

/** @param {Change} change */
const idOf = ({ before, after }) => (before ?? after)?.id;

/**
 * Fields that were changed here and elsewhere, to different values.
 * @param {Patch} before  those fields as they were when they were changed here
 * @param {Patch} after  as they were changed here
 * @param {Annotation} theirs
 * @returns {Field[]}
 */
export function clashes(before, after, theirs) {
  const here = fieldsOf(after).filter((field) => !isUnknown(field, after));
  const there = new Set(here.filter((field) => !same(before[field], theirs[field]) && !isUnknown(field, before)));
  const renamed = theirs.label_id && [before.label_id, after.label_id].includes(theirs.label_id);
  if (renamed) for (const field of OF_THE_LABEL) there.delete(field);
  if (OF_THE_MASK.some((field) => there.has(field))) for (const field of OF_THE_MASK) there.add(field);
  return here.filter((field) => there.has(field) && !same(after[field], theirs[field]));
}

/** Whether an annotation is already as a change would make it. @param {Patch} patch @param {Annotation} annotation */
export function agrees(patch, annotation) {
  return differing(annotation, patch).every((field) => isUnknown(field, patch));
}

/**
 * Whether a change that is made again, or taken back, still finds what it was made of: an object that somebody changed in
 * the same fields since, or changed at all before it is removed, is theirs. Nothing is in the way of what is done already.
 * @param {Change} change @param {Annotation|null} shown  its object as it is now
 */
export function stillFits({ before, after }, shown) {
  if (!shown) return !before || !after;
  if (!before || !after) return stands(changeable(/** @type {Annotation} */ (before ?? after)), shown);
  return [patchOf(after, before), patchOf(before, after)].some((patch) => stands(patch, shown));
}

/** Whether an object is as a patch says, whatever its label is called by now. @param {Patch} patch @param {Annotation} shown */
function stands(patch, shown) {
  const known = patch.label_id && shown.label_id;
  return differing(shown, patch).every((field) => field === "color" || (field === "label" ? known : field === "label_id" && !known));
}

/** A label that the server did not have yet is told by its name. @param {Field} field @param {Patch} patch */
function isUnknown(field, patch) {
  return field === "label_id" && !patch.label_id;
}
