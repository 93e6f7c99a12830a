/** Segmenters the server can download: how each stands, asked for again and again while one is under way. */

import { sentenceOf } from "../core/errors.js";
import { signal } from "../core/signals.js";
import { update } from "../core/state.js";

/** @typedef {import("../core/types.js").SegmenterPull} SegmenterPull */
/** @typedef {"pulls"|"startPull"|"cancelPull"} PullMethods */
/**
 * @typedef {object} Standing
 * @property {readonly SegmenterPull[]} pulls
 * @property {boolean} allowed  this page may start and stop them
 * @property {string} command  what does the same on the server's machine, before an id
 * @property {string|null} asked  id of the one whose start or end the server has not answered yet
 * @property {{id: string, message: string}|null} refusal  why the latest start or end was refused
 * @property {string|null} unknown  why it is not known what there is
 */
/** @typedef {{id: string, title: string, error: string|null}} Ending  error: why it is not installed */

const ASK_AGAIN_MS = 500;
const AFTER_FAILURE_MS = 2000;

/**
 * @param {object} parts
 * @param {Pick<import("../net/api.js").Api, PullMethods>} parts.api
 * @param {() => Promise<void>} parts.refresh  looks again which segmenters are installed
 * @param {(ms: number) => Promise<void>} [parts.pause]
 */
export function createPulls({ api, refresh, pause = (ms) => new Promise((done) => setTimeout(done, ms)) }) {
  const standing = signal(
    /** @type {Standing} */ ({ pulls: [], allowed: false, command: "", asked: null, refusal: null, unknown: null }),
  );
  const ended = signal(/** @type {Ending|null} */ (null));
  let following = false;
  let pressed = /** @type {{id: string, ask: (id: string) => Promise<unknown>}|null} */ (null);
  let last = Promise.resolve();

  const running = () => standing.peek().pulls.find(({ state }) => state === "running");

  /** @param {SegmenterPull} before  as it was while it ran */
  async function conclude({ id, title }) {
    const now = standing.peek().pulls.find((pull) => pull.id === id);
    if (!now) {
      await refresh();
      ended.value = { id, title, error: null };
    } else if (now.error) ended.value = { id, title, error: now.error.message };
  }

  /** Asks how they stand. */
  async function look() {
    const before = running();
    update(standing, { ...(await api.pulls()), unknown: null });
    if (before && running()?.id !== before.id) await conclude(before);
  }

  /** Until none is under way. */
  async function follow() {
    if (following) return;
    following = true;
    for (let failed = false; failed || running(); ) {
      await pause(failed ? AFTER_FAILURE_MS : ASK_AGAIN_MS);
      failed = await look().then(
        () => false,
        () => true, // the connection's: the server goes on meanwhile
      );
    }
    following = false;
  }

  /**
   * One after the other: that one is cancelled may be seen before the server has said so, and then it may be started again.
   * The same pressed twice is done once.
   * @param {string} id @param {(id: string) => Promise<unknown>} ask
   */
  function press(id, ask) {
    if (pressed?.id === id && pressed.ask === ask) return last;
    const mine = { id, ask };
    if (!pressed) update(standing, { asked: id });
    pressed = mine;
    last = last.then(async () => {
      await perform(id, ask);
      if (pressed === mine) pressed = null;
    });
    return last;
  }

  /** @param {string} id @param {(id: string) => Promise<unknown>} ask */
  async function perform(id, ask) {
    update(standing, { asked: id, refusal: null });
    try {
      await ask(id);
    } catch (error) {
      update(standing, { refusal: { id, message: sentenceOf(error) } });
    }
    await look().catch(() => {}); // asked again if it runs
    update(standing, { asked: null });
    void follow();
  }

  return {
    standing,
    /** The latest to have come to an end while this page looked. */
    ended,
    /** How they stand now, followed from here on. */
    async look() {
      await look().catch((error) => update(standing, { unknown: sentenceOf(error) }));
      void follow();
    },
    /** @param {string} id */
    start: (id) => press(id, api.startPull),
    /** Also forgets that it failed. @param {string} id */
    cancel: (id) => press(id, api.cancelPull),
  };
}

/** @typedef {ReturnType<typeof createPulls>} Pulls */

/** How much of it is done, 0 to 1; null where that is not known. @param {SegmenterPull} pull */
export function share({ step, bytes, download_bytes }) {
  return step === "downloading" ? Math.min(1, bytes / download_bytes) : null;
}
