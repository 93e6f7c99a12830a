/** Everything that is done to objects, through the one history: added, changed, removed, given labels. */

import { newId } from "../../core/ids.js";
import { signal } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { createHistory } from "../history.js";
import { labelled } from "../labels/labels.js";
import { OF_NO_NETWORK, stillFits } from "../sync/changes.js";
import { withoutOverlap } from "./overlap.js";
import { takenSentence } from "./taken.js";
import { NOTHING, isEmpty } from "../prompt/said.js";

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("../../core/types.js").MaskRle} MaskRle */
/** @typedef {import("../patch.js").Edit} Edit */
/** @typedef {import("../sync/changes.js").Change} Change */
/** @typedef {import("../prompt/said.js").Said} Said */
/** @typedef {import("../labels/labels.js").Label} Label */
/**
 * What a tool is making that is no prompt.
 * @typedef {{tool: string, points: ReadonlyArray<{x: number, y: number}>}} Draft  points: vertices in the image frame
 */
/** @typedef {import("./outline-states.js").OutlineState} OutlineState */
/** @typedef {import("../../core/types.js").Rle} Rle */
/**
 * All that is being made.
 * @typedef {object} Making
 * @property {Said} said
 * @property {Draft|null} draft
 * @property {string|null} replaced  an object's id
 * @property {readonly string[]} [dropped]  ids of proposals; none where it is left out
 * @property {{rle: Rle, state: OutlineState}} [outline]  corners of a mask, where the step was about them alone
 */
/** @typedef {{steps: import("../history.js").Steps<Making>, making: Making}} Progress  what was done to an image, and is being made */
/** @typedef {{text: string, objects: readonly Annotation[]}} Removal  text: what was done, in a sentence */
/** @typedef {ReturnType<typeof createEditing>} Editing */

/**
 * @param {object} room
 * @param {{peek: () => {id: string}|null}} room.image  the opened one
 * @param {import("./annotations.js").Annotations} room.objects
 * @param {Pick<import("../sync/presence.js").Presence, 'taken'>} room.presence
 * @param {import("./outline-states.js").Outlines} room.outlines
 * @param {import("../labels/labels.js").Labels} room.labels
 * @param {() => import("../prompt/prompting.js").Prompting} room.prompting
 * @param {() => string} room.projectId
 * @param {boolean} room.readOnly  nothing is changed
 * @param {(text: string) => void} room.say  aloud
 * @param {(text: string) => void} room.refuse  why something is not done
 */
export function createEditing({ image, objects, presence, outlines, labels, prompting, projectId, readOnly, say, refuse }) {
  const drafts = signal(/** @type {Draft|null} */ (null));
  /** Ids of proposals that are not wanted. */
  const dropped = signal(/** @type {readonly string[]} */ ([]));
  /** What was deleted last, for an offer to bring it back. */
  const removed = signal(/** @type {Removal|null} */ (null));
  /** Whether what is added or changed takes its pixels from the others. */
  const noOverlap = signal(false);
  const history = createHistory({ apply: objects.apply, restore, fitting });
  const nothing = Object.freeze({ said: NOTHING, draft: null, replaced: null });

  /** @returns {Making} */
  function making() {
    return { said: prompting().said.peek(), draft: drafts.peek(), replaced: objects.replaced.peek(), dropped: dropped.peek() };
  }

  /** @param {Making} next */
  function restore(next) {
    prompting().restore(next.said);
    drafts.value = next.draft;
    objects.replaced.value = next.replaced;
    dropped.value = next.dropped ?? [];
    if (!next.outline) return;
    const { rle, state } = next.outline;
    const shown = objects.all.peek().find((object) => object.rle.counts === rle.counts); // read anew, its mask is another value
    outlines.keep(shown?.rle ?? rle, state);
  }

  /** Of a step that is taken back or done again, what can be: nothing while it is locked, and never what others changed since. @param {readonly Change[]} changes */
  function fitting(changes) {
    const touched = changes.map((change) => ({ change, shown: objects.find((change.before ?? change.after)?.id ?? "") }));
    const object = touched.find(({ shown }) => shown && objects.locked.peek().has(shown.id))?.shown;
    const taken = touched.find(({ shown }) => shown && presence.taken.peek().has(shown.id))?.shown;
    if (taken) refuse(takenSentence(presence.taken.peek().get(taken.id) ?? null, taken.label));
    else if (object) refuse(t("This step changes {label}, which is locked. Unlock it first.", { label: object.label }));
    else if (!objects.loaded.peek() && touched.some(({ change, shown }) => change.before && !shown)) {
      refuse(t("The objects of this image aren't loaded yet."));
    } else {
      const others = touched.filter(({ change, shown }) => !stillFits(change, shown));
      const [other] = others;
      if (other) refuse(overtaken((other.shown ?? other.change.before ?? other.change.after)?.label ?? "", others.length, changes.length));
      return touched.filter((each) => !others.includes(each)).map(({ change }) => change);
    }
    return null;
  }

  /** To be gone on with later. @returns {Progress} */
  const progress = () => ({ steps: history.taken(), making: making() });

  /** Goes on from there; null: nothing was done yet. @param {Progress|null} from */
  function resume(from) {
    removed.value = null;
    history.takeUp(from?.steps ?? { done: [], undone: [] });
    restore(from?.making ?? nothing);
  }

  /**
   * One step of the history. Locked objects stay as they are, and those that somebody else is editing.
   * @param {string} title @param {readonly Change[]} changes @param {Omit<Edit, 'title'|'changes'>} [how]
   * @returns {boolean} whether something was changed
   */
  function edit(title, changes, { finishes = false, run, offer } = {}) {
    if (readOnly) {
      refuse(t("You can look, but not change."));
      return false;
    }
    const taken = presence.taken.peek();
    const locked = new Set([...objects.locked.peek(), ...taken.keys()]);
    const free = changes.filter(({ before }) => !before || !locked.has(before.id));
    const other = changes.find(({ before }) => before && taken.has(before.id))?.before;
    if (other) refuse(takenSentence(taken.get(other.id) ?? null, other.label));
    else if (free.length < changes.length) refuse(t("Locked objects can't be changed."));
    const { changes: all, none } = noOverlap.peek() ? withoutOverlap(free, objects.all.peek(), locked) : { changes: free, none: null };
    if (none) refuse(t("Nothing would be left of {label}: it lies entirely inside locked objects.", { label: none.label }));
    if (!all?.length) return false;
    const before = making();
    history.make({ title, changes: all, draft: finishes ? { before, after: { ...nothing, dropped: before.dropped } } : null, run });
    const gone = offer ? free.flatMap(({ before: each, after: left }) => (each && !left ? [each] : [])) : [];
    if (offer && gone.length) removed.value = { text: offer(gone), objects: gone };
    return true;
  }

  /** A step of a prompt, for the history. @param {string} title @param {Said} before @param {Said} after */
  function recordPrompt(title, before, after) {
    const now = making();
    const replaced = isEmpty(after) ? null : now.replaced;
    objects.replaced.value = replaced;
    history.record({ title, changes: [], draft: { before: { ...now, said: before }, after: { ...now, said: after, replaced } } });
  }

  /** What a tool is making has changed: one step of the history. @param {string} title @param {Draft|null} next */
  function draft(title, next) {
    const before = making();
    history.make({ title, changes: [], draft: { before, after: { ...before, draft: next } } });
  }

  /** Proposals are not wanted: one step of the history. @param {string} title @param {readonly string[]} ids */
  function drop(title, ids) {
    const before = making();
    history.make({ title, changes: [], draft: { before, after: { ...before, dropped: [...dropped.peek(), ...ids] } } });
  }

  /**
   * A mask has other corners and stays the same: one step of the history.
   * @param {string} title @param {Rle} rle @param {OutlineState} state @param {{run?: string}} [options]
   */
  function redraw(title, rle, state, { run } = {}) {
    const now = making();
    const outline = (/** @type {OutlineState} */ corners) => ({ ...now, outline: { rle, state: corners } });
    history.make({ title, changes: [], draft: { before: outline(outlines.of(rle)), after: outline(state) }, run });
  }

  /** Begins to make an object's mask anew. @param {string} title @param {Annotation} annotation @param {Said} said */
  function replace(title, annotation, said) {
    const before = making();
    const after = { ...before, said, draft: null, replaced: annotation.id };
    history.make({ title, changes: [], draft: { before, after } });
  }

  /**
   * An annotation of the active label on the opened image, above all others; not added yet. What is not said here has the
   * server's usual value once it is saved.
   * @param {MaskRle} mask @param {Partial<Annotation>} [fields] @returns {Annotation}
   */
  function newAnnotation({ rle, area, bbox }, fields = {}) {
    const now = new Date().toISOString();
    const z = objects.all.peek().reduce((top, other) => Math.max(top, other.z + 1), 0);
    const where = { project_id: projectId(), image_id: image.peek()?.id ?? "" };
    const made = { prompts: [], segmenter: null, weights: null, window: null, ...OF_NO_NETWORK };
    const times = { version: 0, created_at: now, updated_at: now, created_by: null, updated_by: null };
    const own = { id: newId(), ...where, ...labelled(labels.active.peek()), rle, area, bbox, attributes: {}, z, ...made, ...times };
    return /** @type {Annotation} */ ({ ...own, ...fields });
  }

  /** Deletes objects. @param {Iterable<string>} ids @returns {Edit} */
  function removing(ids) {
    const found = [...ids].flatMap((id) => objects.find(id) ?? []);
    return {
      title: found.length === 1 ? t("Delete {label}", { label: found[0].label }) : t("Delete objects"),
      changes: found.map((before) => ({ before, after: null })),
      offer: (gone) => // locked ones stayed
        gone.length === 1 ? t("Deleted {label}.", { label: gone[0].label }) : counted(gone.length, "Deleted {count} object.", "Deleted {count} objects."),
    };
  }

  /** Brings back what was deleted: the deletion is undone if it was the last step, otherwise this is a step of its own. */
  function bringBack() {
    const gone = removed.peek()?.objects.filter(({ id }) => !objects.find(id)) ?? [];
    removed.value = null;
    if (!gone.length) return;
    const ids = new Set(gone.map(({ id }) => id));
    const last = history.last.peek();
    const isLast = last?.changes.length === gone.length && last.changes.every(({ before, after }) => !after && ids.has(before?.id ?? ""));
    if (isLast) history.undo();
    else edit(t("Restore objects"), gone.map((after) => ({ before: null, after })));
  }

  /** Gives objects another label. @param {Iterable<string>} ids @param {Label} wanted @returns {Edit|undefined} undefined: they have it */
  function relabelling(ids, wanted) {
    const found = [...ids].flatMap((id) => objects.find(id) ?? []);
    const others = found.filter(({ label }) => label !== wanted.name);
    if (!others.length) return undefined;
    const changes = others.map((before) => ({ before, after: { ...before, ...labelled(wanted) } }));
    return { title: t("Label {label}", { label: wanted.name }), changes };
  }

  return { history, drafts, dropped, noOverlap, edit, draft, drop, redraw, replace, recordPrompt, newAnnotation, progress, resume, removed, removing, bringBack, relabelling };
}

/**
 * An annotation with another mask, which no network made as it is.
 * @param {Annotation} annotation @param {MaskRle} mask @returns {Annotation}
 */
export function withMask(annotation, { rle, area, bbox }) {
  return { ...annotation, rle, area, bbox, ...OF_NO_NETWORK };
}

/** Why some of a step is left out. @param {string} label  of an object @param {number} count @param {number} of  all objects of the step */
function overtaken(label, count, of) {
  if (of === 1) return t("Skipped this step: {label} was changed or deleted elsewhere since.", { label });
  return counted(
    count,
    "{count} object of this step stays as it is: it was changed or deleted elsewhere since.",
    "{count} objects of this step stay as they are: they were changed or deleted elsewhere since.",
  );
}
