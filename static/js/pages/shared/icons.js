/** The outline icons: one sheet, drawn in the text's colour. */

import { staticUrl } from "../../core/address.js";

const SHEET = staticUrl("icons/icons.svg");
const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} name of a symbol in icons.svg
 * @returns {SVGElement} hidden from screen readers: what carries it is named
 */
export function icon(name) {
  const svg = empty();
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SHEET}#${name}`);
  svg.append(use);
  return svg;
}

/** One that is not on the sheet, as a tool's. @param {string} inside  of an SVG of 24 x 24, in outlines @returns {SVGElement} */
export function drawn(inside) {
  const svg = empty();
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.innerHTML = `<g fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${inside}</g>`;
  return svg;
}

/** Hidden from screen readers: what carries it is named. */
function empty() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  return svg;
}
