/**
 * Pages of one browser among each other: one that is closed is told from one that lives, and one sends at a time where the
 * browser has locks, which is in secure contexts. Elsewhere pages ask each other whether they live.
 */

import { OUTBOX } from "../../net/account.js";

const ASK_MS = 1000;
const SILENT = 5; // questions without an answer, after which a page is taken for gone

/** @typedef {ReturnType<typeof createTabs>} Tabs */
/** @typedef {Pick<BroadcastChannel, 'postMessage'|'onmessage'>} Channel  to all other pages */

/**
 * @param {string} tab  of this page
 * @param {{locks?: LockManager|null, channel?: Channel, askMs?: number}} [means]
 */
export function createTabs(tab, { locks = globalThis.navigator?.locks, channel, askMs = ASK_MS } = {}) {
  /** @type {Set<string>} */
  const awaited = new Set();
  let leave = () => {};
  const stay = new Promise((resolve) => (leave = () => resolve(undefined)));
  locks?.request(`${OUTBOX}:${tab}`, () => stay).catch(() => {}); // held until it leaves, or the page is closed
  const calls = locks ? null : createRollCall(tab, channel ?? new BroadcastChannel(OUTBOX), askMs);

  return {
    /** What is sent twice, since nobody waits without locks, is told by the server. @param {() => Promise<void>} work @returns {Promise<void>} */
    async mine(work) {
      let begun = false;
      const begin = () => {
        begun = true;
        return work();
      };
      if (!locks) return work();
      await locks.request(OUTBOX, begin).catch((error) => {
        if (begun) throw error;
        return work(); // locks are denied, as in a frame of another site: then no other page shares what this one keeps
      });
    },

    /** Calls once, when another page is no more. @param {string} other @param {() => Promise<void>} take */
    whenGone(other, take) {
      if (awaited.has(other)) return;
      awaited.add(other);
      const taken = () => {
        awaited.delete(other); // should it come back, as a page that was frozen, and be closed again
        return take();
      };
      if (locks) locks.request(`${OUTBOX}:${other}`, taken).catch(() => {});
      else calls?.whenSilent(other, taken);
    },

    /** Others take this one for gone from here on. */
    leave() {
      leave();
      calls?.stop();
    },
  };
}

/**
 * Pages that ask each other whether they live. Questions are counted, not seconds: a computer may sleep in between, and
 * a page in the background answers although its clocks stand still.
 * @param {string} tab @param {Channel} channel @param {number} askMs
 */
function createRollCall(tab, channel, askMs) {
  /** @type {Map<string, {unanswered: number, take: () => Promise<void>}>} */
  const asked = new Map();
  let timer = /** @type {ReturnType<typeof setInterval>|undefined} */ (undefined);

  channel.onmessage = ({ data }) => {
    if (data.asks === tab) channel.postMessage({ lives: tab });
    const one = asked.get(data.lives);
    if (one) one.unanswered = 0;
  };

  function ask() {
    for (const [other, one] of asked) {
      if (one.unanswered >= SILENT) {
        asked.delete(other);
        void one.take();
        continue;
      }
      one.unanswered += 1;
      channel.postMessage({ asks: other });
    }
    if (asked.size) return;
    clearInterval(timer);
    timer = undefined;
  }

  return {
    /** @param {string} other @param {() => Promise<void>} take */
    whenSilent(other, take) {
      asked.set(other, { unanswered: 0, take });
      timer ??= setInterval(ask, askMs);
    },

    stop() {
      clearInterval(timer);
      channel.onmessage = null;
    },
  };
}
