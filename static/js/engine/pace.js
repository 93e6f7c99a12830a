/** How often previews are decoded: as often as they are asked for, but rarely while something else needs the processor. */

import { Superseded } from "../core/errors.js";

const RARE_MS = 700; // from the beginning of what needs it, and from one preview to the next

/** @param {() => boolean} busy  whether something does */
export function createPace(busy) {
  let turn = 0;
  let since = -Infinity;

  return {
    /** Something else begins. */
    begin: () => void (since = performance.now()),

    /** Resolves when a preview's time has come; rejects with Superseded when another was asked for meanwhile. */
    async turn() {
      const mine = ++turn;
      const rest = busy() ? since + RARE_MS - performance.now() : 0;
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
      if (mine !== turn) throw new Superseded();
      since = performance.now();
    },
  };
}
