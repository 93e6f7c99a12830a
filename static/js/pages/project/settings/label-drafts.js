/** The labels of a project while they are edited: what the page shows, and the whole list as the server takes it. */

import { signal } from "../../../core/signals.js";
import { freeKey, renumbered } from "../../../document/labels/label-keys.js";
import { freeColor } from "../../../document/labels/palette.js";

/** @typedef {import("../../../core/types.js").LabelClass} LabelClass */
/** @typedef {import("../../../core/types.js").LabelList} LabelList */
/** @typedef {LabelClass & {uid: number, replaces: string[]}} Draft  uid: of this page; replaces: ids of labels merged into it */

export function createLabelDrafts() {
  const drafts = signal(/** @type {readonly Draft[]} */ ([]));
  let version = 0;
  let uids = 0;

  return {
    drafts,
    /** Shows what the server has. @param {LabelList} list */
    adopt(list) {
      version = list.version;
      const known = new Map(drafts.peek().map(({ id, uid }) => [id, uid]));
      drafts.value = list.labels.map((label) => ({
        ...label,
        uid: known.get(label.id) ?? ++uids,
        replaces: [],
      }));
    },
    /** The list to send, with the drafts it is of. */
    outgoing() {
      const sent = drafts.peek();
      return { sent, list: { version, labels: sent.map(({ uid: _, ...label }) => label) } };
    },
    /**
     * After the server took it: new labels get their ids; what was changed meanwhile stays.
     * @param {readonly Draft[]} sent @param {LabelList} answer
     */
    accepted(sent, answer) {
      version = answer.version;
      const ids = new Map(sent.map(({ uid }, i) => [uid, answer.labels[i].id]));
      const gone = new Set(sent.flatMap(({ replaces }) => replaces));
      drafts.value = drafts.peek().map((draft) => ({
        ...draft,
        id: ids.get(draft.uid) ?? draft.id,
        replaces: draft.replaces.filter((id) => !gone.has(id)),
      }));
    },
    /** @param {number} uid @param {Partial<LabelClass>} changes */
    change(uid, changes) {
      drafts.value = drafts.peek().map((draft) => (draft.uid === uid ? { ...draft, ...changes } : draft));
    },
    /** A new one at the end, with a colour and a key that are free. @param {string} name */
    add(name) {
      const present = drafts.peek();
      const color = freeColor(present.map((each) => each.color));
      const draft = { uid: ++uids, name, color, key: freeKey(present), description: "", group: "", attributes: [], replaces: [] };
      drafts.value = [...present, draft];
      return draft.uid;
    },
    /** @param {number} uid @param {number} by  places */
    move(uid, by) {
      const next = [...drafts.peek()];
      const from = next.findIndex((draft) => draft.uid === uid);
      const to = Math.min(next.length - 1, Math.max(0, from + by));
      next.splice(to, 0, ...next.splice(from, 1));
      drafts.value = next;
    },
    /** @param {number} uid @returns {() => void} puts it back where it was, with its key if no other has that by now */
    remove(uid) {
      const present = drafts.peek();
      const at = present.findIndex((draft) => draft.uid === uid);
      drafts.value = present.filter((draft) => draft.uid !== uid);
      return () => {
        const next = [...drafts.peek()];
        const { key } = present[at];
        const taken = key !== null && next.some((draft) => draft.key === key);
        next.splice(at, 0, { ...present[at], key: taken ? freeKey(next) : key });
        drafts.value = next;
      };
    },
    /** All that is one becomes the other; digits that number the labels go on doing so. @param {number} uid @param {number} into */
    merge(uid, into) {
      const merged = drafts.peek().find((draft) => draft.uid === uid);
      if (!merged || uid === into) return;
      const ids = [...merged.replaces, ...(merged.id ? [merged.id] : [])];
      const left = renumbered(drafts.peek(), drafts.peek().filter((draft) => draft !== merged));
      drafts.value = left.map((draft) => (draft.uid === into ? { ...draft, replaces: [...draft.replaces, ...ids] } : draft));
    },
  };
}
