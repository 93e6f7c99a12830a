/** Undo and redo of what was done to annotations: patches, each of which has an inverse. */

import { computed, signal } from "../core/signals.js";
import { annotations as shown } from "../core/state.js";

/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("./prompt-history.js").History} History */
/** @typedef {{label?: string, color?: string}} Change */
/**
 * @typedef {{kind: 'add', annotation: Annotation, prompt: History|null}
 *   | {kind: 'remove', annotation: Annotation, prompt: History|null}
 *   | {kind: 'change', changes: Array<{id: string, before: Change, after: Change}>}} Patch
 *   prompt: what had been said to make it, taken up again when the addition is undone
 */
/** @typedef {ReturnType<typeof createEdits>} Edits */

const KEPT_PROMPTS = 6; // each holds the masks of its steps, a few MB

/** Older additions lose their prompt: undoing them takes the object away and no more. @param {readonly Patch[]} done */
function lightened(done) {
  const old = done.length - KEPT_PROMPTS;
  return done.map((patch, i) => (i < old && patch.kind !== "change" && patch.prompt ? { ...patch, prompt: null } : patch));
}

/** @param {Patch} patch @returns {Patch} */
export function inverse(patch) {
  if (patch.kind === "add") return { ...patch, kind: "remove" };
  if (patch.kind === "remove") return { ...patch, kind: "add" };
  const changes = patch.changes.map(({ id, before, after }) => ({ id, before: after, after: before }));
  return { kind: "change", changes };
}

/** @param {{annotations: import("./annotations.js").Annotations, prompting: import("./prompting.js").Prompting}} room */
export function createEdits({ annotations, prompting }) {
  const done = signal(/** @type {readonly Patch[]} */ ([]));
  const undone = signal(/** @type {readonly Patch[]} */ ([]));

  /** @param {Patch} patch */
  function apply(patch) {
    if (patch.kind === "add") annotations.add({ ...patch.annotation, version: 1 });
    else if (patch.kind === "remove") annotations.remove(patch.annotation.id);
    else for (const { id, after } of patch.changes) annotations.change(id, after);
  }

  /** @param {Patch} patch */
  function perform(patch) {
    done.value = lightened([...done.peek(), patch]);
    undone.value = [];
    apply(patch);
  }

  function undo() {
    const patch = done.peek().at(-1);
    if (!patch) return;
    done.value = done.peek().slice(0, -1);
    undone.value = [...undone.peek(), patch];
    apply(inverse(patch));
    if (patch.kind === "add" && patch.prompt) prompting.restore(patch.prompt);
  }

  function redo() {
    const patch = undone.peek().at(-1);
    if (!patch) return;
    undone.value = undone.peek().slice(0, -1);
    if (patch.kind === "add" && patch.prompt) prompting.clear();
    done.value = [...done.peek(), patch];
    apply(patch);
  }

  function forget() {
    done.value = [];
    undone.value = [];
  }

  return {
    canUndo: computed(() => done.value.length > 0),
    canRedo: computed(() => undone.value.length > 0),
    perform,
    undo,
    redo,
    forget,
    /** @param {string} id */
    find: (id) => shown.peek().find((annotation) => annotation.id === id) ?? null,
  };
}
