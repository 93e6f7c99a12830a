/** A list that comes a page at a time: the newest question counts, whichever answer comes last. */

import { t } from "../../core/text.js";
import { fill, h } from "./dom.js";
import { unreachable } from "./popups/notice.js";

/** The button that asks for the next page. @param {() => void} onclick */
export const moreButton = (onclick) => h("button", { type: "button", class: "button", hidden: true, onclick }, t("Show more"));

/**
 * @template Page
 * @template {string|number} [From=number]
 * @param {object} parts
 * @param {HTMLElement} parts.more  asks for the next page
 * @param {HTMLElement} parts.wrong  says what failed, and offers to try again
 * @param {(from: From|null, signal: AbortSignal) => Promise<Page>} parts.ask  null: the first page
 * @param {(page: Page, isFirst: boolean) => From|null} parts.show  answers where the next page begins; null: that was the last
 */
export function createPaging({ more, wrong, ask, show }) {
  let asking = new AbortController();
  let next = /** @type {From|null} */ (null);

  /** What was asked is not wanted any more, nor is the rest of the list. */
  function forget() {
    asking.abort();
    next = null;
    more.hidden = true;
  }

  /** @param {boolean} isFirst */
  async function read(isFirst) {
    if (isFirst) forget();
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const page = await ask(next, signal);
      if (signal.aborted) return;
      next = show(page, isFirst);
      more.hidden = next === null;
      wrong.hidden = true;
    } catch (error) {
      if (signal.aborted) return;
      wrong.hidden = false;
      fill(wrong, ...unreachable(/** @type {import("../../core/errors.js").ApiError} */ (error), () => void read(isFirst)));
    }
  }

  return { first: () => read(true), next: () => read(false), forget };
}
