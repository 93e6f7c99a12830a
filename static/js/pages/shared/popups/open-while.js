/** A signal that is true exactly while a dialog or a popover is open. */

/**
 * Browsers fire "close" and "toggle" some time after closing. Until then the signal would still be true, and a key that sets it
 * to open the element again would do nothing.
 * @param {HTMLElement} element @param {import("../../../core/signals.js").Signal<boolean>} open
 */
export function openWhile(element, open) {
  element.addEventListener("beforetoggle", (event) => {
    if (event.target === element && /** @type {ToggleEvent} */ (event).newState === "closed") open.value = false;
  });
  // Dialogs of older browsers have no "beforetoggle".
  element.addEventListener("close", () => (open.value = /** @type {HTMLDialogElement} */ (element).open));
}
