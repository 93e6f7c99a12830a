/** What was taken away is told where the eye is, with an undo beside it: deleted objects while they are gone, specks. */

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
  let forget = () => {};
  effect(() => {
    const sweeping = session.swept.value;
    forget();
    forget = () => {};
    if (sweeping) forget = toast({ text: sweeping.text, action: { title: t("Undo"), perform: session.unsweep }, passing: true });
  });
}
