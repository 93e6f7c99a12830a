/** Uploads of many files, a few at a time: how far the whole is, what failed and may be tried again, what made it pause. */

import { sentenceOf } from "../../../core/errors.js";
import { signal } from "../../../core/signals.js";

/** @typedef {import("./collecting.js").Incoming} Incoming */
/** @typedef {import("../../../net/projects-api.js").ProjectImage} ProjectImage */
/** @typedef {import("../../../net/transfers.js").TransferOptions} TransferOptions */
/** @typedef {{id: number, entry: Incoming, message: string, again: boolean}} Failure  again: it may be tried again */
/**
 * @typedef {object} UploadState
 * @property {number} total  files of this run, cancelled ones not among them
 * @property {number} settled  of them, added or failed
 * @property {number} known  of them, that the project had
 * @property {number} bytes  of all
 * @property {number} sent  bytes
 * @property {readonly Failure[]} failures  of all runs, until they are dismissed
 * @property {string|null} paused  why nothing is being sent; what waits is kept
 */

const AT_ONCE = 3;
const PAUSING = new Set([0, 401, 429, 507]); // nobody is signed in, or the server is gone, busy or full: no file fares better

/** @type {UploadState} */
const NOTHING = Object.freeze({
  total: 0,
  settled: 0,
  known: 0,
  bytes: 0,
  sent: 0,
  failures: [],
  paused: null,
});

/** @param {(entry: Incoming, options: TransferOptions) => Promise<{existing?: boolean}>} send */
export function createUploadQueue(send) {
  const state = signal(NOTHING);
  /** @typedef {{entry: Incoming, loaded: number, abort: AbortController, settle: (added: any) => void}} Upload */
  /** @type {Upload[]} */
  let waiting = [];
  /** @type {Set<Upload>} */
  const running = new Set();
  let failures = 0;

  /** @param {Partial<UploadState>} changes */
  const set = (changes) => (state.value = { ...state.peek(), ...changes });

  /** @param {Upload} upload @param {number} loaded  bytes of it that are sent */
  function progressed(upload, loaded) {
    const sent = state.peek().sent + loaded - upload.loaded;
    upload.loaded = loaded;
    set({ sent });
  }

  function pump() {
    while (running.size < AT_ONCE && waiting.length && state.peek().paused === null)
      void one(/** @type {Upload} */ (waiting.shift()));
  }

  /** @param {Upload} upload */
  async function one(upload) {
    const { entry, abort, settle } = upload;
    running.add(upload);
    try {
      const added = await send(entry, {
        signal: abort.signal,
        onProgress: (loaded, total) =>
          running.has(upload) && progressed(upload, total ? (loaded / total) * entry.file.size : 0),
      });
      if (abort.signal.aborted) return;
      progressed(upload, entry.file.size);
      const { settled, known } = state.peek();
      set({ settled: settled + 1, known: known + (added.existing ? 1 : 0) });
      settle(added);
    } catch (error) {
      if (!abort.signal.aborted)
        failed(upload, /** @type {Error & {status?: number}} */ (error));
    } finally {
      running.delete(upload);
      pump();
    }
  }

  /** @param {Upload} upload @param {Error & {status?: number}} error */
  function failed(upload, error) {
    const { status = 400 } = error;
    const words = sentenceOf(error);
    if (PAUSING.has(status)) {
      progressed(upload, 0);
      waiting.unshift(upload);
      set({ paused: words });
      return;
    }
    progressed(upload, upload.entry.file.size);
    const failure = { id: ++failures, entry: upload.entry, message: words, again: status >= 500 };
    set({ settled: state.peek().settled + 1, failures: [...state.peek().failures, failure] });
    upload.settle(null);
  }

  /** @param {readonly number[]} ids */
  const putAway = (ids) => set({ failures: state.peek().failures.filter(({ id }) => !ids.includes(id)) });

  /**
   * Settles when all of these are added, have failed or are cancelled, with those that were added.
   * @param {readonly Incoming[]} entries @returns {Promise<ProjectImage[]>}
   */
  async function add(entries) {
    const { total, settled, bytes } = state.peek();
    if (settled === total) set({ total: 0, settled: 0, known: 0, bytes: 0, sent: 0 });
    const before = state.peek();
    const more = entries.reduce((sum, { file }) => sum + file.size, 0);
    set({ total: before.total + entries.length, bytes: (settled === total ? 0 : bytes) + more });
    const uploads = entries.map(
      (entry) =>
        new Promise((settle) => waiting.push({ entry, loaded: 0, abort: new AbortController(), settle })),
    );
    pump();
    return (await Promise.all(uploads)).filter(Boolean);
  }

  return {
    state,
    add,
    putAway,
    /** What is not sent yet is forgotten; what is sent stays. */
    cancel() {
      const stopped = [...running, ...waiting];
      waiting = [];
      running.clear();
      for (const { abort, settle } of stopped) {
        abort.abort();
        settle(null);
      }
      set({ ...NOTHING, failures: state.peek().failures });
    },
    /** After a pause. */
    goOn() {
      set({ paused: null });
      pump();
    },
    /** @param {readonly number[]} ids  of failures */
    retry(ids) {
      const again = state.peek().failures.filter(({ id }) => ids.includes(id));
      putAway(ids);
      return again.length ? add(again.map(({ entry }) => entry)) : Promise.resolve([]);
    },
    /** Whether leaving the page would lose something. */
    busy: () => state.peek().settled < state.peek().total,
  };
}
