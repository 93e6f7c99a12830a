/** A comment's words: text as it is, mentions by their names. */

import { t } from "../../core/text.js";
import { piecesOf } from "../../document/comments/mentions.js";
import { h } from "./dom.js";
import { clock, day, isToday, moment } from "./format.js";

/** @param {string} text @param {(id: string) => string} nameOf @param {string} self  id of the account */
export function wordsOf(text, nameOf, self) {
  return piecesOf(text).map((piece) =>
    typeof piece === "string" ? piece : h("span", { class: "mention", "data-self": piece.id === self }, `@${nameOf(piece.id) || t("someone")}`),
  );
}

/** When something was, short; whole in its tooltip. @param {string} time */
export function timeOf(time) {
  return h("time", { class: "muted", datetime: time, title: moment(time) }, isToday(time) ? clock(time) : day(time));
}
