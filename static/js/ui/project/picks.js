/** Which images of the list are picked, to do something with all of them. */

import { signal } from "../../core/signals.js";

/** @typedef {{id: string}} Item */

export function createPicks() {
  const picked = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  let anchor = 0;

  return {
    picked,
    /** @param {Item} item @param {number} index */
    toggle({ id }, index) {
      const next = new Set(picked.peek());
      if (!next.delete(id)) next.add(id);
      anchor = index;
      picked.value = next;
    },
    /** All from the one that was picked last to this one. @param {readonly Item[]} items @param {number} index */
    extend(items, index) {
      const [first, last] = anchor < index ? [anchor, index] : [index, anchor];
      picked.value = new Set([...picked.peek(), ...items.slice(first, last + 1).map(({ id }) => id)]);
    },
    /** @param {readonly Item[]} items */
    all(items) {
      picked.value = new Set(items.map(({ id }) => id));
    },
    clear() {
      anchor = 0;
      if (picked.peek().size) picked.value = new Set();
    },
  };
}
