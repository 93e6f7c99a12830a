/** The field for a new password: what is demanded is said before, and what is typed can be looked at. */

import { t } from "../../../core/text.js";
import { h, set } from "../dom.js";
import { icon } from "../icons.js";

const LEAST = 10; // characters, as the server takes them
const MOST = 1000;

/** @param {string} id @param {string} label */
export function newPassword(id, label) {
  const field = h("input", {
    id,
    name: "new-password",
    type: "password",
    class: "field boxed",
    autocomplete: "new-password",
    minlength: LEAST,
    maxlength: MOST,
    required: true,
    "aria-describedby": `${id}-about`,
  });
  const show = h("button", { type: "button", class: "icon-button small", onclick: () => turn(field.type === "password") });
  /** @param {boolean} shown */
  function turn(shown) {
    field.type = shown ? "text" : "password";
    const title = shown ? t("Hide password") : t("Show password");
    set(show, { title, "aria-label": title, "aria-pressed": String(shown) });
    show.replaceChildren(icon(shown ? "eye-off" : "eye"));
  }
  turn(false);
  return {
    field,
    elements: [
      h("label", { for: id }, label),
      h("div", { class: "password" }, field, show),
      h("span", { id: `${id}-about`, class: "muted" }, t("At least {count} characters. A few words are easy to remember.", { count: LEAST })),
    ],
  };
}
