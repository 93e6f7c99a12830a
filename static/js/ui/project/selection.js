/** Which images are listed and in which order, as a signal that the address of the page says too. */

import { signal } from "../../core/signals.js";

/** @typedef {import("../../net/projects-api.js").Selection} Selection */

const NAMES = /** @type {const} */ (["state", "label", "search", "score", "sort", "order"]);
/** What is so when the address says nothing. */
const USUAL = /** @type {Readonly<Record<string, string>>} */ (Object.freeze({ sort: "name", order: "asc" }));

/** @param {string} search  of an address @returns {Selection} */
export function readSelection(search) {
  const values = new URLSearchParams(search);
  /** @type {Selection} */
  const selection = {};
  for (const name of NAMES) {
    const value = values.get(name);
    if (value && value !== USUAL[name]) selection[name] = value;
  }
  return selection;
}

/** With its question mark, or empty. @param {Selection} selection */
export function selectionQuery(selection) {
  const values = new URLSearchParams();
  for (const name of NAMES) {
    const value = selection[name];
    if (value && value !== USUAL[name]) values.set(name, value);
  }
  const text = values.toString();
  return text && `?${text}`;
}

/**
 * Follows the address: changes are steps of the browser's history, except while something is being typed.
 * @param {Pick<Window, "location"|"history"|"addEventListener">} page
 */
export function createSelection(page = window) {
  const selection = signal(readSelection(page.location.search));

  page.addEventListener("popstate", () => (selection.value = readSelection(page.location.search)));
  return {
    selection,
    /** Empty values are left out. @param {Selection} changes @param {{typing?: boolean}} [how] */
    change(changes, { typing = false } = {}) {
      const query = selectionQuery({ ...selection.peek(), ...changes });
      if (query === selectionQuery(selection.peek())) return;
      const address = page.location.pathname + query;
      if (typing) page.history.replaceState(null, "", address);
      else page.history.pushState(null, "", address);
      selection.value = readSelection(query);
    },
  };
}
