/** A part of the settings page, and its fields. */

import { h } from "../../shared/dom.js";
import { savingWords } from "./saving.js";

/**
 * A part of the page, with its heading.
 * @param {string} id @param {string} title @param {...import("../../shared/dom.js").Child} children
 */
export function settingsPart(id, title, ...children) {
  return h(
    "section",
    { id, class: "settings-part", "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title` }, title),
    ...children,
  );
}

/**
 * A field with its name, its sentence and how saving it stands.
 * @param {HTMLElement} field  with an id @param {string} label @param {string} about @param {import("./saving.js").Saving} saving
 */
export function settingsField(field, label, about, saving) {
  field.setAttribute("aria-describedby", `${field.id}-about`);
  return h(
    "div",
    { class: "settings-field" },
    h("div", { class: "settings-label" }, h("label", { for: field.id }, label), savingWords(saving)),
    field,
    about && h("span", { class: "muted", id: `${field.id}-about` }, about),
  );
}
