/** A name whose middle gives way where there is no room: its end tells images of a series apart. */

import { h } from "./dom.js";

const END = 12; // characters, the extension among them

/**
 * Where a name is cut in two: the first part may be cut off, the second is always seen.
 * @param {string} name @returns {[string, string]}
 */
export function ends(name) {
  const letters = [...new Intl.Segmenter().segment(name)].map(({ segment }) => segment);
  const at = Math.max(0, letters.length - END);
  return [letters.slice(0, at).join(""), letters.slice(at).join("")];
}

/** @param {string} name @returns {HTMLElement[]} as they stand in an element of the class "ends"; screen readers hear it whole */
export function middleEllipsis(name) {
  const [start, end] = ends(name);
  return [
    h("span", { class: "sr-only" }, name),
    h("span", { class: "ends-start", "aria-hidden": "true" }, start),
    h("span", { class: "ends-end", "aria-hidden": "true" }, end),
  ];
}
