/** Building elements without markup in strings. */

import { effect } from "../../core/signals.js";

/** @typedef {Node|string|null|false} Child */
/** @typedef {Record<string, string|number|boolean|null|undefined|((event: any) => void)>} Attributes */

/**
 * An element. A function under "onclick" listens to "click"; true and false set and leave out an attribute.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Attributes} [attributes] @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  }
  fill(element, ...children);
  return element;
}

/** @param {Element} element @param {...Child} children replaces what was in it */
export function fill(element, ...children) {
  element.replaceChildren(...children.filter((child) => child !== null && child !== false));
}

/** @param {Element} element @param {Record<string, string|boolean|null>} attributes */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : value);
  }
}

/** Text that follows a signal. @param {() => string} text @param {string} [className] */
export function liveText(text, className = "") {
  const element = h("span", { class: className || null });
  effect(() => {
    element.textContent = text();
  });
  return element;
}

/**
 * Rows of a list kept in place by key, so that focus and what is being typed survive changes elsewhere in it.
 * @template T
 * @param {Element} parent @param {readonly T[]} items @param {(item: T) => string} keyOf
 * @param {(item: T) => {element: HTMLElement, update: (item: T) => void}} create
 * @param {Map<string, {element: HTMLElement, update: (item: T) => void}>} rows what this function made before
 */
export function keepRows(parent, items, keyOf, create, rows) {
  const wanted = new Set(items.map(keyOf));
  for (const [key, row] of rows) {
    if (wanted.has(key)) continue;
    row.element.remove();
    rows.delete(key);
  }
  items.forEach((item, i) => {
    const key = keyOf(item);
    const row = rows.get(key) ?? create(item);
    rows.set(key, row);
    row.update(item);
    if (parent.children[i] !== row.element) parent.insertBefore(row.element, parent.children[i] ?? null);
  });
}
