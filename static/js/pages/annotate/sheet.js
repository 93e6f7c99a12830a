/** A dialog to read in: it follows a signal, and a cross, Escape or a click beside it put it away. */

import { effect } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { h } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { openWhile } from "../shared/popups/open-while.js";

/** @typedef {import("../shared/dom.js").Child} Child */

/**
 * @param {object} parts
 * @param {import("../../core/signals.js").Signal<boolean>} parts.open
 * @param {string} parts.name  its class; `NAME-title` is the id of its heading
 * @param {string} parts.title
 * @param {Child[]} [parts.beside]  next to the title
 * @param {Child} parts.body
 * @param {() => void} [parts.onOpen] @param {() => void} [parts.onClose]
 */
export function createSheet({ open, name, title, beside = [], body, onOpen, onClose }) {
  const close = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": t("Close"), onclick: () => sheet.close() },
    icon("close"),
  );
  const heading = h("h2", { id: `${name}-title` }, title);
  const sheet = h(
    "dialog",
    { class: `dialog ${name}`, "aria-labelledby": heading.id },
    h("header", {}, heading, ...beside, close),
    body,
  );
  openWhile(sheet, open);
  sheet.addEventListener("close", () => onClose?.());
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet) sheet.close();
  });
  effect(() => {
    if (!open.value || sheet.open) return;
    onOpen?.();
    sheet.showModal();
  });
  return sheet;
}
