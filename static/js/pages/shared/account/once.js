/** What is shown once, as a link or a token: read and copied here, and never again. */

import { t } from "../../../core/text.js";
import { copyField } from "../sharing/clipboard.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";

/** A text to copy, with the button that does it. @param {string} label @param {string} value */
export function copyLine(label, value) {
  const field = h("input", { class: "field boxed", readonly: true, value, spellcheck: "false", "aria-label": label, onfocus: () => field.select() });
  const said = h("span", { role: "status", class: "muted" });
  const onclick = async () => fill(said, (await copyField(field)) ? t("Copied.") : t("Press Ctrl+C to copy."));
  const copy = h("button", { type: "button", class: "button primary", onclick }, icon("duplicate"), t("Copy"));
  return { field, element: h("div", { class: "once-copy" }, h("div", { class: "once-line" }, field, copy), said) };
}

/**
 * @param {object} parts
 * @param {string} parts.label  what it is
 * @param {string} parts.value
 * @param {string} parts.about  who may have it, and until when it works
 * @param {...import("../dom.js").Child} more
 * @returns {HTMLElement}
 */
export function shownOnce({ label, value, about }, ...more) {
  const { field, element: line } = copyLine(label, value);
  const before = document.activeElement;
  const close = () => {
    element.remove();
    if (before instanceof HTMLElement) before.focus();
  };
  const element = h(
    "div",
    { class: "once", role: "group", "aria-label": label },
    h("div", { class: "once-line" }, h("strong", {}, label), h("button", { type: "button", class: "icon-button small", "aria-label": t("Dismiss"), title: t("Dismiss"), onclick: close }, icon("close"))),
    line,
    h("p", { class: "muted" }, about),
    ...more,
  );
  queueMicrotask(() => field.focus());
  return element;
}

/** The whole address of a link the server made. @param {{path: string}} link @param {string} base */
export function addressOfLink({ path }, base) {
  return `${location.origin}${base}${path}`;
}
