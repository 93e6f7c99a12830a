/** What is shown once, as a link or a token: read and copied here, and never again. */

import { t } from "../../../core/text.js";
import { copyField } from "../sharing/clipboard.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";

/**
 * @param {object} parts
 * @param {string} parts.label  what it is
 * @param {string} parts.value
 * @param {string} parts.about  who may have it, and until when it works
 * @returns {HTMLElement}
 */
export function shownOnce({ label, value, about }) {
  const field = h("input", {
    class: "field boxed",
    readonly: true,
    value,
    spellcheck: "false",
    "aria-label": label,
    onfocus: () => field.select(),
  });
  const said = h("span", { role: "status", class: "muted" });
  const copy = h(
    "button",
    {
      type: "button",
      class: "button primary",
      onclick: async () => fill(said, (await copyField(field)) ? t("Copied.") : t("Press Ctrl+C to copy.")),
    },
    icon("duplicate"),
    t("Copy"),
  );
  const before = document.activeElement;
  const close = () => {
    element.remove();
    if (before instanceof HTMLElement) before.focus();
  };
  const element = h(
    "div",
    { class: "once", role: "group", "aria-label": label },
    h("div", { class: "once-line" }, h("strong", {}, label), h("button", { type: "button", class: "icon-button small", "aria-label": t("Close"), onclick: close }, icon("close"))),
    h("div", { class: "once-line" }, field, copy),
    h("p", { class: "muted" }, about),
    said,
  );
  queueMicrotask(() => field.focus());
  return element;
}

/** The whole address of a link the server made. @param {{path: string}} link @param {string} base */
export function addressOfLink({ path }, base) {
  return `${location.origin}${base}${path}`;
}
