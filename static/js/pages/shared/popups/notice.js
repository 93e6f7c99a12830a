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
 * What reads a list; where that fails, `wrong` says so, and offers to try again. Only the newest reading counts, and none
 * after `stop`.
 * @param {HTMLElement} wrong @param {(signal: AbortSignal) => Promise<void>} read
 */
export function reading(wrong, read) {
  let asking = new AbortController();
  const stop = () => asking.abort();
  async function refresh() {
    stop();
    asking = new AbortController();
    const { signal } = asking;
    try {
      await read(signal);
      if (!signal.aborted) wrong.hidden = true;
    } catch (error) {
      if (signal.aborted) return;
      wrong.hidden = false;
      fill(wrong, ...unreachable(/** @type {import("../../../core/errors.js").ApiError} */ (error), () => void refresh()));
    }
  }
  return Object.assign(refresh, { stop });
}
