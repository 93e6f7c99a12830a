/** What the project says on how to annotate, at hand over the picture. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { h } from "../../shared/dom.js";
import { createSheet } from "../sheet.js";

/** @param {import("../../../editor/actions/action.js").App} app */
export function createGuidelinesSheet({ doc, guidelinesOpen }) {
  const body = h("div", { class: "guidelines", tabindex: "0" });
  effect(() => {
    // Made by the server, which lets nothing through but text, links and tables.
    body.innerHTML = doc.project.value.guidelines_html;
  });
  return createSheet({ open: guidelinesOpen, name: "guidelines-sheet", title: t("Guidelines"), body });
}
