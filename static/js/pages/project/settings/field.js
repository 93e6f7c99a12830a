/** The fields of the settings page. */

import { h } from "../../shared/dom.js";
import { savingWords } from "./saving.js";

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
