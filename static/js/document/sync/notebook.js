/** Writes changes down in this browser, so that they outlive the page, and tells what is not written down (yet). */

import { computed, signal } from "../../core/signals.js";

/** @typedef {import("./pending.js").Pending} Pending */
/** @typedef {import("../../net/outbox-store.js").OutboxStore<Pending>} Store */

/** Of changes that are not to outlive the page. @type {Store} */
export const PASSING = Object.freeze({ all: async () => [], put: async () => true, remove: async () => true, tabOf: async () => null, claim: async () => [] });

/**
 * @param {Pick<Store, 'put'|'remove'>} store
 * @param {() => readonly Pending[]} waiting  what failed to be written is tried again, as long as it waits
 */
export function createNotebook(store, waiting) {
  /** By key, which turn is to write it, and whether one failed. */
  const open = signal(/** @type {ReadonlyMap<string, {turn: number, failed: boolean}>} */ (new Map()));
  let turn = 0;
  let written = Promise.resolve();

  /** @param {readonly Pending[]} changed @param {readonly string[]} [removed] */
  function write(changed, removed = []) {
    const mine = ++turn;
    const next = new Map(open.peek());
    for (const key of removed) next.delete(key);
    const keys = new Set(changed.map(({ key }) => key));
    const all = [...changed, ...waiting().filter(({ key }) => next.get(key)?.failed && !keys.has(key))];
    for (const { key } of all) next.set(key, { turn: mine, failed: next.get(key)?.failed ?? false });
    open.value = next;
    written = written.then(async () => {
      if (removed.length) await store.remove(removed);
      if (!all.length) return;
      const kept = await store.put(all);
      const rest = new Map(open.peek());
      for (const { key } of all) {
        if (rest.get(key)?.turn !== mine) continue; // changed or sent meanwhile
        if (kept) rest.delete(key);
        else rest.set(key, { turn: mine, failed: true });
      }
      open.value = rest;
    });
  }

  return {
    write,
    /** Resolves when all that was to be written by now is, or has failed. */
    written: () => written,
    /** Whether something is not written down (yet). */
    unwritten: computed(() => open.value.size > 0),
    /** Whether the browser refused to write down some of what waits. */
    blocked: computed(() => [...open.value.values()].some(({ failed }) => failed)),
  };
}
