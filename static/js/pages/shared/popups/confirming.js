/** The question before something that is large or cannot be undone; large things are confirmed by typing their name. */

import { t } from "../../../core/text.js";
import { h } from "../dom.js";

const LARGE = 100; // images, or objects

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {string} text  what will happen
 * @property {string} action  on the button that does it
 * @property {string|null} [name]  to be typed; null: a click is enough
 */

/** Whether deleting so much is confirmed by name. @param {...number} counts */
export const isLarge = (...counts) => counts.some((count) => count >= LARGE);

/** @param {string} typed @param {string} name */
export const isName = (typed, name) => typed.trim().normalize() === name.trim().normalize();

/**
 * Asks, and resolves to whether it is to be done.
 * @param {Question} question @returns {Promise<boolean>}
 */
export function confirming({ title, text, action, name = null }) {
  const perform = h("button", { value: "perform", class: "button danger" }, action);
  const cancel = h("button", { type: "button", class: "button", onclick: () => dialog.close("") }, t("Cancel"));
  const typed = h("input", {
    class: "field boxed",
    id: "confirming-name",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    oninput: () => (perform.disabled = !isName(typed.value, name ?? "")),
  });
  perform.disabled = name !== null;
  const form = h(
    "form",
    { method: "dialog", class: "form" },
    h("h2", { id: "confirming-title" }, title),
    h("p", { id: "confirming-text" }, text),
    name !== null && h("label", { for: typed.id }, t("Type {name} to confirm", { name })),
    name !== null && typed,
    h("div", { class: "dialog-actions" }, cancel, perform),
  );
  form.addEventListener("submit", (event) => {
    if (perform.disabled) event.preventDefault();
  });
  const dialog = h(
    "dialog",
    { class: "dialog confirming", "aria-labelledby": "confirming-title", "aria-describedby": "confirming-text" },
    form,
  );
  document.body.append(dialog);
  dialog.showModal();
  (name === null ? cancel : typed).focus();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "perform");
    }),
  );
}
