/** What was taken away is told where the eye is, with a way back beside it: deleted objects while they are gone, specks. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";

/**
 * @param {import("../../../document/document.js").Document} doc
 * @param {ReturnType<typeof import("../../shared/popups/toasts.js").createToasts>} toast
 */
export function tellRemovals(doc, toast) {
  offer(doc.removed, t("Undo"), doc.bringBack);
  offer(doc.swept, t("Restore specks"), doc.unsweep);
  effect(() => {
    const there = new Set(doc.objects.all.value.map(({ id }) => id));
    if (doc.removed.value?.objects.every(({ id }) => there.has(id))) doc.removed.value = null;
  });
  effect(() => {
    const { id, counts } = doc.swept.value ?? {};
    if (id && doc.objects.all.value.find((each) => each.id === id)?.rle.counts !== counts) doc.swept.value = null;
  });

  /** @param {{readonly value: {text: string}|null}} news @param {string} title @param {() => void} perform */
  function offer(news, title, perform) {
    let close = () => {};
    effect(() => {
      close();
      close = news.value ? toast({ text: news.value.text, action: { title, perform }, passing: true }) : () => {};
    });
  }
}
