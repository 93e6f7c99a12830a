/** What is said in place of something that could not be fetched. */

import { t } from "../../../core/text.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";

/** @param {import("../../../core/errors.js").ApiError} error @param {() => void} retry @returns {Node[]} */
export function unreachable({ message, hint }, retry) {
  return [
    icon("alert"),
    h("span", {}, h("strong", {}, message), hint && ` ${hint}`),
    h("button", { type: "button", class: "button", onclick: retry }, t("Try again")),
  ];
}

/**
 * What reads a list; where that fails, `wrong` says so, and offers to try again.
 * @param {HTMLElement} wrong @param {() => Promise<void>} read @returns {() => Promise<void>}
 */
export function reading(wrong, read) {
  return async function refresh() {
    try {
      await read();
      wrong.hidden = true;
    } catch (error) {
      wrong.hidden = false;
      fill(wrong, ...unreachable(/** @type {import("../../../core/errors.js").ApiError} */ (error), () => void refresh()));
    }
  };
}
