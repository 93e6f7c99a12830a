/** Says when changes of the project are not taken any more from this person; what is not saved stays where it is. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";

/**
 * @param {import("../../../document/document.js").Document} doc
 * @param {(toast: import("../../shared/popups/toasts.js").Toast) => (() => void)} toast  answers what takes it away
 */
export function tellBarred({ outbox }, toast) {
  let takeAway = () => {};
  effect(() => {
    const reason = outbox.barred.value;
    takeAway();
    takeAway = () => {};
    if (!reason) return;
    takeAway = toast({
      text: `${t("You can't change this project any more.")} ${reason} ${t("Your unsaved changes stay on this page and in this browser.")}`,
      action: { title: t("Try again"), perform: () => outbox.retry() },
    });
  });
}
