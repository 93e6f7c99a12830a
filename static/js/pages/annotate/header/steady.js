/** A word that changes and has the room of the longest it may become: what stands beside it stays where it is. */

import { h } from "../../shared/dom.js";

/**
 * @param {readonly string[]} words  all it may be
 * @param {string} className
 * @returns {{element: HTMLElement, show: (word: string) => void}}
 */
export function steadyWord(words, className) {
  const shown = h("span", {});
  const widths = words.map((word) => h("span", { class: "steady-width", "aria-hidden": "true" }, word));
  return {
    element: h("span", { class: `steady ${className}` }, shown, ...widths),
    show: (word) => void (shown.textContent = word),
  };
}
