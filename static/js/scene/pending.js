/** Changes the server does not know yet: how they are joined while they wait, and laid over what the server says. Pure. */

import { patched, picked } from "./changes.js";

/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("./changes.js").Field} Field */
/** @typedef {import("./changes.js").Patch} Patch */
/**
 * @typedef {object} Pending
 * @property {string} key
 * @property {number} seq  its place in the order
 * @property {string} tab  the page that sends it
 * @property {'create'|'change'|'delete'|'state'} kind
 * @property {string} project
 * @property {string} image
 * @property {string} of  the annotation's id, or the image's when it is about its state
 * @property {number} version  of the annotation that was changed or deleted
 * @property {Annotation|null} annotation  as it is after the change, whole; before it, when deleted
 * @property {readonly Field[]} fields  that were changed
 * @property {Patch} before  those fields as they were
 * @property {import("../core/types.js").ImageState|null} state
 */

/**
 * One change that says what two did, where that is possible: null when they have to be sent one after the other.
 * @param {Pending} first  not sent yet @param {Pending} second @returns {Pending|null}
 */
export function joined(first, second) {
  if (first.kind === "state" && second.kind === "state") return { ...first, state: second.state };
  if (second.kind === "change" && (first.kind === "create" || first.kind === "change")) {
    return {
      ...first,
      annotation: second.annotation,
      fields: [...new Set([...first.fields, ...second.fields])],
      before: { ...second.before, ...first.before },
    };
  }
  if (second.kind === "delete" && first.kind === "change") return { ...second, key: first.key, seq: first.seq };
  return null;
}

/**
 * A list of the server's with what waits laid over it. Also without the server's: a change holds its whole annotation.
 * @param {readonly Annotation[]} list @param {readonly Pending[]} waiting  of that image @returns {Annotation[]}
 */
export function overlaid(list, waiting) {
  const byId = new Map(list.map((annotation) => [annotation.id, annotation]));
  for (const { kind, of, annotation, fields } of waiting) {
    const known = byId.get(of);
    if (kind === "delete") byId.delete(of);
    else if (kind === "create" && annotation && !known) byId.set(of, annotation);
    else if (kind === "change" && annotation)
      byId.set(of, known ? patched(known, picked(annotation, fields), annotation) : annotation);
  }
  return [...byId.values()];
}
