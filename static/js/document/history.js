/** One chronological history of an image: steps of a prompt, drafts of tools, edits of objects, one after the other. */

import { computed, signal } from "../core/signals.js";

import { composed } from "./sync/changes.js";

/** @typedef {import("./sync/changes.js").Change} Change */
/**
 * What one step did. Both parts may be there: accepting a mask adds an object and ends its prompt.
 * @template D
 * @typedef {{title: string, changes: readonly Change[], draft: {before: D, after: D}|null, run?: string}} Entry
 *   title: said to the person; draft: what was being made; run: steps of one name that follow each other closely are one,
 *   as those of a slider's knob that keys move
 */
/**
 * @template D
 * @typedef {{done: readonly Entry<D>[], undone: readonly Entry<D>[]}} Steps  the latest last
 */
/** @typedef {ReturnType<typeof createHistory>} History */

const MOST_ENTRIES = 500;
const MOST_TAKEN = 100; // while its image is not open, or to another page
const RUN_MS = 600; // between two steps of a run

/**
 * It holds what was done and knows nothing of how it is done again: `apply` makes changes of objects, `restore` takes up
 * a draft; `fitting` tells, and says, which changes can be made now, null: none until something else is done.
 * @template D
 * @param {{apply: (changes: readonly Change[]) => void, restore: (draft: D) => void,
 *   fitting?: (changes: readonly Change[]) => readonly Change[]|null, now?: () => number}} room  now: ms
 */
export function createHistory({ apply, restore, fitting = (changes) => changes, now = () => performance.now() }) {
  const done = signal(/** @type {readonly Entry<D>[]} */ ([]));
  const undone = signal(/** @type {readonly Entry<D>[]} */ ([]));

  let recordedAt = 0;

  /** Notes what has been done; what was undone before can no longer be redone. @param {Entry<D>} entry */
  function record(entry) {
    const last = done.peek().at(-1);
    const goesOn = last && entry.run !== undefined && last.run === entry.run && !undone.peek().length && now() - recordedAt < RUN_MS;
    recordedAt = now();
    const whole = goesOn ? joined(last, entry) : entry;
    const before = goesOn ? done.peek().slice(0, -1) : done.peek();
    done.value = whole.changes.length || whole.draft ? [...before, whole].slice(-MOST_ENTRIES) : before;
    undone.value = [];
  }

  /** Does a step, and keeps it with what takes it back. @param {Entry<D>} entry */
  function make(entry) {
    record(entry);
    if (entry.draft) restore(entry.draft.after);
    apply(entry.changes);
  }

  /** @returns {string|null} the title of what was undone, null when there was nothing, or it may not be, or no longer can */
  function undo() {
    const entry = done.peek().at(-1);
    const changes = entry && fitting(inverse(entry.changes));
    if (!changes) return null;
    done.value = done.peek().slice(0, -1);
    if (entry.changes.length && !changes.length) return null; // it is nobody's any more
    undone.value = [...undone.peek(), { ...entry, changes: inverse(changes) }];
    apply(changes);
    if (entry.draft) restore(entry.draft.before);
    return entry.title;
  }

  /** @returns {string|null} as of undo */
  function redo() {
    const entry = undone.peek().at(-1);
    const changes = entry && fitting(entry.changes);
    if (!changes) return null;
    undone.value = undone.peek().slice(0, -1);
    if (entry.changes.length && !changes.length) return null;
    done.value = [...done.peek(), { ...entry, changes }];
    apply(changes);
    if (entry.draft) restore(entry.draft.after);
    return entry.title;
  }

  /**
   * Objects as they are remembered, after something that is no step of the history, as a label's new name.
   * @param {(annotation: import("../core/types.js").Annotation) => import("../core/types.js").Annotation} change
   */
  function rewrite(change) {
    takeUp(rewritten({ done: done.peek(), undone: undone.peek() }, change));
  }

  /** The latest steps, to be taken up again later, also in another page. @returns {Steps<D>} */
  function taken() {
    return { done: done.peek().slice(-MOST_TAKEN), undone: undone.peek().slice(-MOST_TAKEN) };
  }

  /** Goes on from there. @param {Steps<D>} steps */
  function takeUp(steps) {
    done.value = steps.done;
    undone.value = steps.undone;
  }

  return {
    taken,
    takeUp,
    canUndo: computed(() => done.value.length > 0),
    canRedo: computed(() => undone.value.length > 0),
    /** What undo would take back. */
    last: computed(() => done.value.at(-1) ?? null),
    /** Of what undo would take back; empty when there is nothing. */
    undoTitle: computed(() => done.value.at(-1)?.title ?? ""),
    redoTitle: computed(() => undone.value.at(-1)?.title ?? ""),
    make,
    record,
    undo,
    redo,
    rewrite,
  };
}

/**
 * @template D
 * @param {Entry<D>} first @param {Entry<D>} second @returns {Entry<D>}
 */
function joined(first, second) {
  const [begun, ended] = [first.draft ?? second.draft, second.draft ?? first.draft];
  const draft = begun && ended && { before: begun.before, after: ended.after };
  return { ...second, changes: composed(first.changes, second.changes), draft };
}

/**
 * Steps whose objects are remembered otherwise.
 * @template D
 * @param {Steps<D>} steps @param {(annotation: import("../core/types.js").Annotation) => import("../core/types.js").Annotation} change
 * @returns {Steps<D>}
 */
export function rewritten({ done, undone }, change) {
  const [first, second] = [done, undone].map((entries) =>
    entries.map((entry) => ({
      ...entry,
      changes: entry.changes.map(({ before, after }) => ({ before: before && change(before), after: after && change(after) })),
    })),
  );
  return { done: first, undone: second };
}

/** The other way round, the last first. @param {readonly Change[]} changes @returns {Change[]} */
export function inverse(changes) {
  return changes.map(({ before, after }) => ({ before: after, after: before })).reverse();
}
