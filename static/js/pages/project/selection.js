/** Which images are listed and in which order, as a signal that the address of the page says too. */

import { signal } from "../../core/signals.js";
import { readSelection, selectionQuery } from "../../document/queue/image-selection.js";

/** @typedef {import("../../net/projects-api.js").Selection} Selection */

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
