/** Sends one change to the server; tells when it met another change of the same fields. */

import { ApiError } from "../../core/errors.js";
import { agrees, clashes, picked } from "./changes.js";

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("./pending.js").Pending} Pending */
/**
 * @typedef {{saved: Annotation|null, version?: number} | {clash: Annotation|null, version?: number}} Delivered
 *   saved: as the server has it now, null when it is gone or no annotation; clash: the other side's, null when deleted there;
 *   version: of the deletion, where it is known
 */

const MOST_PROPOSALS = 3000; // that one request tells of

/**
 * A change made elsewhere meanwhile is kept, except in the fields changed here; of the same fields nobody is overruled.
 * @param {import("../../net/api.js").Api} api @param {Pending} pending @param {number} version  the latest that is known here
 * @param {boolean} again  it was sent before, and may have arrived
 * @returns {Promise<Delivered>}
 */
export async function deliver(api, pending, version, again) {
  const { kind, project, image, state } = pending;
  if (kind === "state") {
    if (state) await api.setImageState(project, image, state);
    return { saved: null };
  }
  if (kind === "proposals") return tellProposals(api, pending);
  if (kind === "create") return create(api, pending, version, again);
  if (kind === "delete") return remove(api, pending, version);
  return change(api, pending, version);
}

/**
 * Where the image is gone, so are its proposals.
 * @param {import("../../net/api.js").Api} api @param {Pending} pending @returns {Promise<Delivered>}
 */
async function tellProposals(api, pending) {
  const { drop, restore } = pending.words ?? { drop: [], restore: [] };
  try {
    for (let at = 0; at < Math.max(drop.length, restore.length); at += MOST_PROPOSALS) {
      const [gone, wanted] = [drop, restore].map((ids) => ids.slice(at, at + MOST_PROPOSALS));
      await api.changeProposals(pending.project, pending.image, { drop: gone, restore: wanted });
    }
  } catch (error) {
    if (!(await isGone(api, pending, error))) throw error;
  }
  return { saved: null };
}

/**
 * An id that was deleted is used again when a deletion is undone. But of what was sent before, it may be that somebody else
 * deleted what arrived then: that is asked about.
 * @param {import("../../net/api.js").Api} api @param {Pending} pending @param {number} version @param {boolean} again
 * @returns {Promise<Delivered>}
 */
async function create(api, { project, image, annotation }, version, again) {
  try {
    return { saved: await api.createProjectAnnotation(project, image, { ...annotation, version }) };
  } catch (error) {
    const deleted = error instanceof ApiError && error.code === "annotation_deleted" ? error.detail.version : null;
    if (typeof deleted !== "number") throw error;
    if (again) return { clash: null, version: deleted };
    return { saved: await api.createProjectAnnotation(project, image, { ...annotation, version: deleted }) };
  }
}

/** @param {import("../../net/api.js").Api} api @param {Pending} pending @param {number} version @returns {Promise<Delivered>} */
async function change(api, pending, version) {
  const { of, annotation, fields, before } = pending;
  const patch = annotation ? picked(annotation, fields) : {};
  try {
    return { saved: await api.updateAnnotation(of, pending.project, { ...patch, version }) };
  } catch (error) {
    if (await isGone(api, pending, error)) return { clash: null };
    const theirs = currentOf(error);
    if (!theirs) throw error;
    if (clashes(before, patch, theirs).length) return { clash: theirs };
    if (agrees(patch, theirs)) return { saved: theirs }; // it had arrived before, and the answer was lost
    return change(api, pending, theirs.version);
  }
}

/**
 * What is another object by now than the one that was deleted here stays, to be asked about.
 * @param {import("../../net/api.js").Api} api @param {Pending} pending @param {number} version @returns {Promise<Delivered>}
 */
async function remove(api, pending, version) {
  try {
    await api.deleteAnnotation(pending.of, pending.project, version);
    return { saved: null, version: version + 1 };
  } catch (error) {
    if (await isGone(api, pending, error)) return { saved: null };
    const theirs = currentOf(error);
    if (!theirs) throw error;
    const seen = pending.annotation && { ...pending.annotation, ...pending.before };
    const relabelled = seen?.label_id && theirs.label_id ? seen.label_id !== theirs.label_id : seen?.label !== theirs.label;
    if (seen && (relabelled || seen.rle.counts !== theirs.rle.counts)) return { clash: theirs };
    return remove(api, pending, theirs.version);
  }
}

/**
 * Whether the object is no more. Who lost their role in its project is answered alike: raises what the server says of that.
 * @param {import("../../net/api.js").Api} api @param {Pending} pending @param {unknown} error
 */
async function isGone(api, { project }, error) {
  if (!(error instanceof ApiError) || error.status !== 404) return false;
  await api.project(project);
  return true;
}

/** Whether it means that whose changes these are may not change this project any more. @param {unknown} error */
export function isBarring(error) {
  return error instanceof ApiError && (error.status === 403 || error.code === "project_not_found");
}

/**
 * The other side's version, when a write was refused for being based on an older one.
 * @param {unknown} error
 * @returns {Annotation|null}
 */
function currentOf(error) {
  if (!(error instanceof ApiError) || error.status !== 409) return null;
  return /** @type {Annotation|null} */ (error.detail.current ?? null);
}
