/** The outline icons: one sheet, drawn in the text's colour. */

import { staticUrl } from "../../core/address.js";

const SHEET = staticUrl("icons/icons.svg");
const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} name of a symbol in icons.svg
 * @returns {SVGElement} hidden from screen readers: what carries it is named
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SHEET}#${name}`);
  svg.append(use);
  return svg;
}
