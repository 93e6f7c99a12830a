/** Whether the grid shows the objects over the thumbnails: a switch beside the order, remembered by this browser. */

import { effect, signal } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { h, set } from "../shared/dom.js";
import { icon } from "../shared/icons.js";

const STORED_AS = "samphire.grid-masks";

function remembered() {
  try {
    return localStorage.getItem(STORED_AS) === "shown";
  } catch {
    return false; // forbidden storage
  }
}

/** @param {boolean} shown */
function remember(shown) {
  try {
    localStorage.setItem(STORED_AS, shown ? "shown" : "hidden");
  } catch {
    // Forbidden storage: as long as the page lives.
  }
}

export function createGridMasks() {
  const shown = signal(remembered());
  const button = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": t("Masks"), title: t("Masks on thumbnails") },
    icon("layers"),
  );
  button.addEventListener("click", () => {
    shown.value = !shown.peek();
    remember(shown.peek());
  });
  effect(() => set(button, { "aria-pressed": String(shown.value) }));
  return { shown, button };
}
