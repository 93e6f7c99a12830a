/** A part of a page of settings. */

import { h } from "./dom.js";

/**
 * With its heading.
 * @param {string} id @param {string} title @param {...import("./dom.js").Child} children
 */
export function settingsPart(id, title, ...children) {
  return h(
    "section",
    { id, class: "settings-part", "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title` }, title),
    ...children,
  );
}
