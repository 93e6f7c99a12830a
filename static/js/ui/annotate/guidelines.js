/** What the project says on how to annotate, at hand over the picture. */

import { effect } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";

/** @param {import("../../actions/action.js").App} app */
export function createGuidelinesDialog({ session, guidelinesOpen }) {
  const text = h("div", { class: "guidelines", tabindex: "0" });
  const close = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": t("Close"), onclick: () => dialog.close() },
    icon("close"),
  );
  const dialog = h(
    "dialog",
    {
      class: "dialog guidelines-dialog",
      "aria-labelledby": "guidelines-title",
      onclose: () => (guidelinesOpen.value = false),
    },
    h("header", {}, h("h2", { id: "guidelines-title" }, t("How to annotate")), close),
    text,
  );
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  effect(() => {
    // Made by the server, which lets nothing through but text, links and tables.
    text.innerHTML = session.project.value.guidelines_html;
  });
  effect(() => {
    if (guidelinesOpen.value && !dialog.open) dialog.showModal();
  });
  return dialog;
}
