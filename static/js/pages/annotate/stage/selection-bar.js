/** What can be done to the shapes of the selected objects: a line of buttons below the list of objects. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { action } from "../../../editor/actions/index.js";
import { h, set } from "../../shared/dom.js";
import { actionButton } from "../action-button.js";

/** Actions with their icons. */
const BUTTONS = /** @type {const} */ ([
  ["merge-objects", "merge"],
  ["subtract-objects", "subtract"],
  ["split-object", "split"],
  ["fill-holes", "fill-holes"],
  ["remove-specks", "specks"],
  ["duplicate-objects", "duplicate"],
  ["bring-forward", "forward"],
  ["send-backward", "backward"],
]);
const NO_OVERLAP = "toggle-no-overlap";

/** @param {import("../../../editor/actions/action.js").App} app */
export function createSelectionBar(app) {
  const buttons = BUTTONS.map(([id, icon]) => actionButton(app, id, icon));
  const noOverlap = actionButton(app, NO_OVERLAP, "no-overlap");
  const bar = h("div", { class: "selection-bar", role: "toolbar", "aria-label": t("Shapes of the selected objects") });
  bar.append(...buttons, h("span", { class: "divider" }), noOverlap);
  effect(() => {
    const on = app.doc.noOverlap.value;
    set(noOverlap, { "aria-pressed": String(on), "aria-label": action(NO_OVERLAP).title });
  });
  return bar;
}
