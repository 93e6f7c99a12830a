/** Pages of one browser among each other: one sends at a time, and one that is closed is told from one that lives. */

const SENDING = "samphire-outbox";

/** @typedef {ReturnType<typeof createTabs>} Tabs */

/** @param {string} tab  of this page */
export function createTabs(tab) {
  /** Only in secure contexts; without it nobody waits, and what is sent twice is told by the server. */
  const locks = globalThis.navigator?.locks;
  const awaited = new Set();
  void locks?.request(`${SENDING}:${tab}`, () => new Promise(() => {})); // held as long as the page lives

  return {
    /** @param {() => Promise<void>} work @returns {Promise<void>} */
    mine: (work) => (locks ? locks.request(SENDING, work) : work()),

    /** Calls once, when another page is no more. @param {string} other @param {() => Promise<void>} take */
    whenGone(other, take) {
      if (awaited.has(other)) return;
      awaited.add(other);
      if (locks) void locks.request(`${SENDING}:${other}`, take);
      else void take();
    },
  };
}
