/** Brings back what an object or an image was: the server does it, and it is a step that can be undone here. */

import { sentenceOf } from "../../../core/errors.js";
import { counted, t } from "../../../core/text.js";
import { takenSentence } from "../../../document/objects/taken.js";

/** @typedef {ReturnType<typeof createRestoring>} Restoring */

/**
 * @param {object} parts
 * @param {import("../../../editor/actions/action.js").App} parts.app
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {ReturnType<typeof import("../../shared/popups/toasts.js").createToasts>} parts.toast
 * @param {() => void} parts.done
 */
export function createRestoring({ app: { doc }, api, toast, done }) {
  const { objects, outbox, presence } = doc;
  let busy = false;

  /** Why these objects cannot be changed now; empty: they can. @param {readonly string[]} ids */
  function reason(ids) {
    const taken = ids.find((id) => presence.taken.peek().has(id));
    if (taken) return takenSentence(presence.taken.peek().get(taken) ?? null, objects.find(taken)?.label ?? "");
    if (ids.some((id) => objects.locked.peek().has(id))) return t("Locked objects can't be changed.");
    return outbox.waiting.peek().length ? t("Wait until your changes are saved.") : "";
  }

  /** One at a time; what fails is said. @param {readonly string[]} ids @param {() => Promise<void>} act */
  async function attempt(ids, act) {
    const why = reason(ids);
    if (why) return doc.refuse(why);
    if (busy) return;
    busy = true;
    try {
      await act();
      done();
    } catch (error) {
      toast({ text: sentenceOf(error) });
    } finally {
      busy = false;
    }
  }

  return {
    /** @param {string} id @param {number} version @param {string} label @param {number} last  its latest that is known here, the deletion's where it is gone */
    object: (id, version, label, last) =>
      attempt([id], async () => {
        const before = objects.find(id);
        const project = doc.project.peek().id;
        const restore = (/** @type {number} */ base) => api.restoreObject(id, project, { version, base });
        const after = await restore(before?.version ?? last).catch((error) => {
          const deletion = error.code === "annotation_deleted" ? error.detail.version : null;
          if (before || typeof deletion !== "number") throw error;
          return restore(deletion);
        });
        objects.place(after);
        doc.history.record({ title: t("Restore {label}", { label }), changes: [{ before, after }], draft: null });
        doc.said.value = t("Restored {label}.", { label });
      }),
    /** All objects as they were at a time. @param {string} at */
    image: (at) =>
      attempt(objects.all.peek().map(({ id }) => id), async () => {
        const image = doc.image.peek();
        if (!image) return;
        const before = new Map(objects.all.peek().map((each) => [each.id, each]));
        const { annotations, changed } = await api.restoreImage(doc.project.peek().id, image.id, at);
        if (doc.image.peek()?.id !== image.id) return;
        const after = new Map(annotations.map((each) => [each.id, each]));
        const changes = [...new Set([...before.keys(), ...after.keys()])]
          .map((id) => ({ before: before.get(id) ?? null, after: after.get(id) ?? null }))
          .filter((change) => change.before?.version !== change.after?.version);
        for (const change of changes) {
          if (change.after) objects.place(change.after);
          else if (change.before) objects.take(change.before.id);
        }
        doc.history.record({ title: t("Restore the image"), changes, draft: null });
        const text = changed ? counted(changed, "{count} object restored.", "{count} objects restored.") : t("The image is as it was then.");
        toast({ text });
      }),
  };
}
