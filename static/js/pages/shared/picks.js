/** Which images of the list are picked, to do something with all of them. */

import { signal } from "../../core/signals.js";

/** @typedef {{id: string}} Item */

export function createPicks() {
  const picked = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  /** The one that was picked last: wherever it stands by then. @type {string|null} */
  let anchor = null;

  return {
    picked,
    /** @param {Item} item */
    toggle({ id }) {
      const next = new Set(picked.peek());
      if (!next.delete(id)) next.add(id);
      anchor = id;
      picked.value = next;
    },
    /**
     * All from the one that was picked last to this one; from the first when none was, this one alone when that is gone.
     * @param {readonly Item[]} items @param {Item} item
     */
    extend(items, { id }) {
      const to = items.findIndex((each) => each.id === id);
      if (to < 0) return;
      const from = anchor === null ? 0 : items.findIndex((each) => each.id === anchor);
      const [first, last] = from < 0 ? [to, to] : from < to ? [from, to] : [to, from];
      picked.value = new Set([...picked.peek(), ...items.slice(first, last + 1).map((each) => each.id)]);
    },
    /** @param {readonly Item[]} items */
    all(items) {
      picked.value = new Set(items.map(({ id }) => id));
    },
    clear() {
      anchor = null;
      if (picked.peek().size) picked.value = new Set();
    },
  };
}
