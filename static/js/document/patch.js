/**
 * What an action changes of a document, as data: its edit is a step of the history, which keeps what takes it back; the rest
 * is how the objects are shown and what is said.
 */

import { batch } from "../core/signals.js";

/**
 * @typedef {object} Edit  a step of the history
 * @property {string} title  for "Undo: ..."
 * @property {readonly import("./sync/changes.js").Change[]} changes
 * @property {boolean} [finishes]  the prompt or draft ends with it, and comes back when it is undone
 * @property {string} [run]  as the history's
 * @property {(gone: readonly import("../core/types.js").Annotation[]) => string} [offer]  what is told of the objects it deletes,
 *   with an offer to bring them back
 */
/**
 * @typedef {object} Patch
 * @property {Edit} [edit]  where nothing of it can be made, what follows is left out
 * @property {Iterable<string>} [selected]  ids of the objects, as in the next three; in the order they were picked
 * @property {Iterable<string>} [hidden]
 * @property {Iterable<string>} [locked]
 * @property {Iterable<string>} [solo]  the only ones shown; none: all are
 * @property {string} [label]  name of the one that the next mask gets
 * @property {string|(() => string)} [say]  aloud, once it is made
 * @property {string} [refuse]  why nothing is done
 */

/**
 * @param {object} room
 * @param {import("./objects/editing.js").Editing["edit"]} room.edit
 * @param {import("./objects/annotations.js").Annotations} room.objects
 * @param {import("./labels/labels.js").Labels} room.labels
 * @param {(text: string) => void} room.say  aloud
 * @param {(text: string) => void} room.refuse  why something is not done
 */
export function createPatching({ edit, objects, labels, say, refuse }) {
  const sets = { selected: objects.selectedIds, hidden: objects.hidden, locked: objects.locked, solo: objects.solo };
  const names = /** @type {(keyof typeof sets)[]} */ (Object.keys(sets));

  /** @param {Patch} patch */
  return (patch) => {
    if (patch.label !== undefined) labels.select(patch.label);
    if (patch.edit && !edit(patch.edit.title, patch.edit.changes, patch.edit)) return;
    batch(() => {
      for (const name of names) if (patch[name]) sets[name].value = new Set(patch[name]);
    });
    if (patch.refuse !== undefined) refuse(patch.refuse);
    if (patch.say !== undefined) say(typeof patch.say === "string" ? patch.say : patch.say());
  };
}
