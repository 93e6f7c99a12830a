/** A signal that is true exactly while a dialog or a popover is open. */

/**
 * "close" and "toggle" are told later: a key that opens it again before that would find the signal still true, and do nothing.
 * @param {HTMLElement} element @param {import("../../core/signals.js").Signal<boolean>} open
 */
export function openWhile(element, open) {
  element.addEventListener("beforetoggle", (event) => {
    if (event.target === element && /** @type {ToggleEvent} */ (event).newState === "closed") open.value = false;
  });
  // Dialogs of older browsers have no "beforetoggle".
  element.addEventListener("close", () => (open.value = /** @type {HTMLDialogElement} */ (element).open));
}
