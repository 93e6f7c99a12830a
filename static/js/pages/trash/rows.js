/** A row of the trash: a picture, what it is, until when it can be restored, and what can be done with it. */

import { t } from "../../core/text.js";
import { under } from "../../net/base.js";
import { h } from "../shared/dom.js";
import { day } from "../shared/format.js";
import { icon } from "../shared/icons.js";

/**
 * @param {object} parts
 * @param {string|null} parts.picture  address
 * @param {string} parts.name
 * @param {string[]} parts.facts
 * @param {string} parts.deleted  a time
 * @param {string} parts.until  a time
 * @param {HTMLElement|null} [parts.pick]  before all else
 * @param {...HTMLElement} actions
 */
export function trashRow({ picture, name, facts, deleted, until, pick = null }, ...actions) {
  const thumbnail = picture
    ? h("img", { class: "trash-picture", src: under(picture), alt: "", loading: "lazy", decoding: "async" })
    : h("span", { class: "trash-picture" }, icon("picture"));
  const dates = t("deleted {day}, kept until {last}", { day: day(deleted), last: day(until) });
  return h(
    "li",
    { class: "trash-row" },
    h(
      pick ? "label" : "span",
      { class: "trash-what" },
      pick,
      thumbnail,
      h(
        "span",
        { class: "trash-words" },
        h("span", { class: "trash-name", title: name }, name),
        h("span", { class: "muted" }, [...facts, dates].join(" · ")),
      ),
    ),
    h("span", { class: "trash-actions" }, ...actions),
  );
}

/** @param {string} name  of what it restores @param {() => void} perform */
export function restoreButton(name, perform) {
  const title = t("Restore {name}", { name });
  return h(
    "button",
    { type: "button", class: "button", onclick: perform, "aria-label": title },
    icon("undo"),
    h("span", {}, t("Restore")),
  );
}

/** Nothing is in the trash. */
export function nothingDeleted() {
  return [
    icon("trash"),
    h("h2", {}, t("The trash is empty")),
    h("p", {}, t("Deleted items stay here for 30 days.")),
  ];
}
