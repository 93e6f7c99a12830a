/** Deleted objects are told of where the eye is, with an undo beside it, for as long as they are gone. */

import { effect } from "../../core/signals.js";
import { annotations } from "../../core/state.js";
import { t } from "../../core/text.js";

/**
 * @param {import("../../scene/session.js").Session} session
 * @param {ReturnType<typeof import("../toasts.js").createToasts>} toast
 */
export function tellRemovals(session, toast) {
  let close = () => {};
  effect(() => {
    const removal = session.removed.value;
    close();
    close = () => {};
    if (!removal) return;
    close = toast({ text: removal.text, action: { title: t("Undo"), perform: session.bringBack }, passing: true });
  });
  effect(() => {
    const there = new Set(annotations.value.map(({ id }) => id));
    if (session.removed.value?.objects.every(({ id }) => there.has(id))) session.removed.value = null;
  });
}
