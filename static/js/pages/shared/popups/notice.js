/** What is said in place of something that could not be fetched. */

import { t } from "../../../core/text.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";

/** @param {import("../../../core/errors.js").ApiError} error @param {() => void} retry @returns {Node[]} */
export function unreachable({ message, hint }, retry) {
  return [
    icon("alert"),
    h("span", {}, h("strong", {}, message), hint && ` ${hint}`),
    h("button", { type: "button", class: "button", onclick: retry }, t("Try again")),
  ];
}
