/** Changes that the server refused, or stumbled over: which are held back, why, and when each is tried again. */

import { signal } from "../../core/signals.js";

/** @typedef {{message: string, timer: ReturnType<typeof setTimeout>|null}} Trouble  timer: of the next attempt; null: it is refused */

export const FIRST_WAIT_MS = 1000;
export const LONGEST_WAIT_MS = 60_000;

/** @param {() => void} again  something is worth another attempt */
export function createTroubles(again) {
  const found = signal(/** @type {ReadonlyMap<string, Trouble>} */ (new Map()));
  /** How often the server stumbled, by key. @type {Map<string, number>} */
  const times = new Map();

  /** Holds a change back no longer. @param {string} key */
  function accept(key) {
    const left = new Map(found.peek());
    clearTimeout(left.get(key)?.timer ?? undefined);
    if (left.delete(key)) found.value = left;
  }

  /** @param {string} key @param {string} message @param {boolean} passing  so that it is tried again by itself */
  function holdBack(key, message, passing) {
    const before = times.get(key) ?? 0;
    const retry = () => {
      accept(key);
      again();
    };
    if (passing) times.set(key, before + 1);
    const timer = passing ? setTimeout(retry, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** before)) : null;
    found.value = new Map(found.peek()).set(key, { message, timer });
  }

  /** It waits no more. @param {string} key */
  function forget(key) {
    accept(key);
    times.delete(key);
  }

  return { found, accept, holdBack, forget };
}
