/** A row of what lets people, programs or browsers in: what it is, the facts about it, and what ends it. */

import { t } from "../../../core/text.js";
import { h } from "../dom.js";

/**
 * @param {object} what
 * @param {string} what.name
 * @param {string} [what.title]  of the name, under the pointer
 * @param {string|null} [what.of]  what it leads to, where its name does not say it
 * @param {readonly (string|null|false)[]} what.facts
 * @param {boolean} [what.isOver]
 * @param {import("../dom.js").Child} end
 * @param {...import("../dom.js").Child} below  the facts
 */
export function accessRow({ name, title = name, of = null, facts, isOver = false }, end, ...below) {
  const words = h(
    "span",
    { class: "member-words" },
    h("span", { class: "member-name", dir: "auto", title }, name),
    of && h("span", { class: "access-of", dir: "auto" }, of),
    h("span", { class: "muted" }, facts.filter(Boolean).join(" · ")),
    ...below,
  );
  return h("li", { class: "member-row", "data-disabled": isOver }, words, end);
}

/** @param {string} name  of what is revoked @param {() => void} onclick */
export function revokeButton(name, onclick) {
  return h("button", { type: "button", class: "button", "aria-label": t("Revoke {name}", { name }), onclick }, t("Revoke"));
}
