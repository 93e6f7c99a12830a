/** How people are shown: a colour of their own, and initials. */

import { h } from "./dom.js";

/** Told apart by people who see fewer colours, as Okabe and Ito's and Tol's are; the text on each is readable. */
const COLORS = Object.freeze([
  { color: "#0072b2", text: "#fff" },
  { color: "#e69f00", text: "#000" },
  { color: "#007a5a", text: "#fff" },
  { color: "#cc79a7", text: "#000" },
  { color: "#56b4e9", text: "#000" },
  { color: "#b34700", text: "#fff" },
  { color: "#882255", text: "#fff" },
  { color: "#ddcc77", text: "#000" },
]);

/** Always the same of an account. @param {{account: string}} person */
export function colorOf({ account }) {
  let sum = 0;
  for (const sign of account) sum = (31 * sum + (sign.codePointAt(0) ?? 0)) >>> 0;
  return COLORS[sum % COLORS.length];
}

/** @param {string} name */
export function initialsOf(name) {
  const words = name.split(/[\s._-]+/u).filter(Boolean);
  const signs = words.length > 1 ? [words[0], words[words.length - 1]].map(([first]) => first) : [...(words[0] ?? "?")].slice(0, 2);
  return signs.join("").toUpperCase();
}

/** @param {{account: string, name: string}} person */
export function avatar(person) {
  const circle = h("span", { class: "avatar", "aria-hidden": "true" }, initialsOf(person.name));
  dress(circle, person);
  return circle;
}

/** In the person's colour. @param {HTMLElement} element @param {{account: string}} person */
export function dress(element, person) {
  const { color, text } = colorOf(person);
  element.style.setProperty("--person", color);
  element.style.setProperty("--on-person", text);
}
