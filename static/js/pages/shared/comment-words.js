/** A comment's words: text as it is, mentions by their names. */

import { language, t } from "../../core/text.js";
import { piecesOf } from "../../document/comments/mentions.js";
import { h } from "./dom.js";

/** @param {string} text @param {(id: string) => string} nameOf @param {string} self  id of the account */
export function wordsOf(text, nameOf, self) {
  return piecesOf(text).map((piece) =>
    typeof piece === "string" ? piece : h("span", { class: "mention", "data-self": piece.id === self }, `@${nameOf(piece.id) || t("someone")}`),
  );
}

/** When something was, short; whole in its tooltip. @param {string} time */
export function timeOf(time) {
  const when = new Date(time);
  const today = when.toDateString() === new Date().toDateString();
  const short = new Intl.DateTimeFormat(language, today ? { timeStyle: "short" } : { dateStyle: "medium" }).format(when);
  const whole = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(when);
  return h("time", { class: "muted", datetime: time, title: whole }, short);
}
