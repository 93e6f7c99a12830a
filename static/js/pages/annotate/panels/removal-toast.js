/** What was taken away is told where the eye is, with an undo beside it: deleted objects while they are gone, specks. */

import { effect } from "../../../core/signals.js";
import { annotations } from "../../../core/state.js";
import { t } from "../../../core/text.js";

/**
 * @param {import("../../../document/session.js").Session} session
 * @param {ReturnType<typeof import("../../shared/popups/toasts.js").createToasts>} toast
 */
export function tellRemovals(session, toast) {
  offer(session.removed, session.bringBack);
  offer(session.swept, session.unsweep);
  effect(() => {
    const there = new Set(annotations.value.map(({ id }) => id));
    if (session.removed.value?.objects.every(({ id }) => there.has(id))) session.removed.value = null;
  });
  effect(() => {
    const { id, counts } = session.swept.value ?? {};
    if (id && annotations.value.find((each) => each.id === id)?.rle.counts !== counts) session.swept.value = null;
  });

  /** @param {{readonly value: {text: string}|null}} news @param {() => void} perform */
  function offer(news, perform) {
    let close = () => {};
    effect(() => {
      close();
      close = news.value ? toast({ text: news.value.text, action: { title: t("Undo"), perform }, passing: true }) : () => {};
    });
  }
}
