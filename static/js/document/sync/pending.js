/** Changes the server does not know yet: how they are joined while they wait, and laid over what the server says. Pure. */

import { intersectedRuns, unitedRuns } from "../../geometry/combining.js";
import { expandCounts, maskRle } from "../../geometry/rle.js";
import { OF_NO_NETWORK, agrees, patchOf, patched, picked } from "./changes.js";

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("./changes.js").Field} Field */
/** @typedef {import("./changes.js").Patch} Patch */
/**
 * @typedef {object} Pending
 * @property {string} key
 * @property {number} seq  its place in the order
 * @property {string} tab  the page that sends it
 * @property {'create'|'change'|'delete'|'state'|'proposals'} kind
 * @property {string} project
 * @property {string} image
 * @property {string} of  the annotation's id, the image's when it is about its state, or what stands for its proposals
 * @property {number} version  of the annotation that was changed or deleted; of the deletion that a creation takes back
 * @property {Annotation|null} annotation  as it is after the change, whole; before it, when deleted
 * @property {readonly Field[]} fields  that were changed
 * @property {Patch} before  those fields as they were
 * @property {import("../../core/types.js").ImageState|null} state
 * @property {ProposalWords} [words]  on proposals
 */
/** @typedef {{drop: readonly string[], restore: readonly string[]}} ProposalWords  ids of those that are not wanted, and are after all */

/**
 * One change that says what two did, where that is possible: null when they have to be sent one after the other.
 * @param {Pending} first  not sent yet @param {Pending} second @returns {Pending|null}
 */
export function joined(first, second) {
  if (first.kind === "state" && second.kind === "state") return { ...first, state: second.state };
  if (first.words && second.words) return { ...first, words: lastWords(first.words, second.words) };
  if (second.kind === "change" && (first.kind === "create" || first.kind === "change")) {
    return {
      ...first,
      annotation: second.annotation,
      fields: [...new Set([...first.fields, ...second.fields])],
      before: { ...second.before, ...first.before },
    };
  }
  if (second.kind === "delete" && first.kind === "change") {
    const { key, seq, fields, before } = first; // what the deletion saw follows from them
    return { ...second, key, seq, fields, before };
  }
  return null;
}

/** @param {ProposalWords} first @param {ProposalWords} second @returns {ProposalWords} the latest on each */
function lastWords(first, second) {
  const said = new Set([...second.drop, ...second.restore]);
  const still = (/** @type {readonly string[]} */ ids) => ids.filter((id) => !said.has(id));
  return { drop: [...still(first.drop), ...second.drop], restore: [...still(first.restore), ...second.restore] };
}

/**
 * The same of a change that met another one elsewhere: of that nothing was taken yet, so that a deletion can be taken back.
 * @param {Pending} first @param {Pending} second @param {Annotation|null} theirs @returns {Pending|null}
 */
export function joinedAgainst(first, second, theirs) {
  const { annotation } = second;
  if (first.kind === "create" && second.kind === "delete" && !theirs) return { ...second, key: first.key, seq: first.seq };
  if (first.kind !== "delete" || second.kind !== "create" || !annotation) return joined(first, second);
  const fields = theirs ? /** @type {Field[]} */ (Object.keys(patchOf(theirs, annotation))) : [];
  return { ...first, kind: "change", annotation, fields, before: theirs ? picked(theirs, fields) : {} };
}

/** Whether a change leads to what there is elsewhere, null: nothing. @param {Pending} pending @param {Annotation|null} theirs */
export function agreed({ kind, annotation, fields }, theirs) {
  if (kind === "delete" || !theirs || !annotation) return kind === "delete" && !theirs;
  return agrees(picked(annotation, fields), theirs);
}

/** A change as it is made after all, over that of elsewhere. @param {Pending} pending @param {Annotation|null} theirs @returns {Pending} */
export function insisted(pending, theirs) {
  if (!theirs) return { ...pending, kind: "create", before: {} };
  const { version } = theirs;
  if (pending.kind === "delete") return { ...pending, annotation: theirs, fields: [], before: {}, version };
  return { ...pending, before: picked(theirs, pending.fields), version };
}

/**
 * A change whose mask is made of that of here and that of elsewhere; null where only one was changed, or nothing would be
 * left.
 * @param {Pending} pending @param {Annotation} theirs @param {'union'|'intersection'} how @returns {Pending|null}
 */
export function combined(pending, theirs, how) {
  const { annotation: mine } = pending;
  const before = pending.before.rle?.counts; // undefined: the mask was not changed here
  if (!mine || !before || [before, mine.rle.counts].includes(theirs.rle.counts)) return null;
  const [height, width] = mine.rle.size;
  const [here, there] = [mine, theirs].map(({ rle }) => expandCounts(rle.counts));
  const mask = maskRle((how === "union" ? unitedRuns : intersectedRuns)(here, there), width, height);
  if (!mask.area) return null;
  const annotation = { ...mine, ...mask, ...OF_NO_NETWORK };
  const fields = /** @type {Field[]} */ ([...new Set([...pending.fields, "rle", ...Object.keys(OF_NO_NETWORK)])]);
  return { ...pending, annotation, fields };
}

/**
 * After something that is no change of its object, as a label's new name; itself when that is not concerned.
 * @param {Pending} pending @param {(annotation: Annotation) => Annotation} change @returns {Pending}
 */
export function rewritten(pending, change) {
  const { annotation, before, fields } = pending;
  if (!annotation) return pending;
  const was = { ...annotation, ...before };
  const [now, then] = [change(annotation), change(was)];
  return now === annotation && then === was ? pending : { ...pending, annotation: now, before: picked(then, fields) };
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
