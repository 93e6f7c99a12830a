/** Which local backend is quickest: tried one after the other in their own workers, remembered for the next visit. */

import { LocalDecoder } from "./local-decoder.js";

/** @typedef {import("../../core/types.js").CalibrationRow} CalibrationRow */
/** @typedef {import("./capabilities.js").Capabilities} Capabilities */
/** @typedef {{where: 'wasm'|'webgpu', threads: number, ms?: number|null}} Choice  ms: of a decode, where it was measured */
/** @typedef {Choice & {rows: CalibrationRow[]}} Remembered  stored with the time it was measured */

const RUNS = 5;
const QUIET_FOR_DECODE_MS = 400;
const QUIET_FOR_START_MS = 1_500; // starting another backend keeps every core busy for a second
const WORTH_IT = 0.9; // another backend must take at most this share of the time
const VALID_MS = 24 * 3600_000; // it may have been measured while the machine was busy
const STORAGE_PREFIX = "samphire.calibration.";

/**
 * Climbs from the running decoder to more threads while that helps, else down to fewer, then looks at WebGPU.
 * @param {object} options
 * @param {LocalDecoder} options.running
 * @param {import("../protocol.js").Graphs} options.graphs
 * @param {Capabilities} options.can
 * @param {(ms: number) => Promise<void>} options.quiet  resolves when the person has not waited for a mask for so long
 * @param {(row: CalibrationRow) => void} options.onRow
 * @returns {Promise<LocalDecoder>} the quickest, started; the others but `running` are closed
 */
export async function calibrate({ running, graphs, can, quiet, onRow }) {
  let best = running;

  /**
   * The quickest of several decodes: what the machine can do, whatever else it was doing.
   * @param {LocalDecoder} candidate
   */
  const measured = async (candidate) => {
    let ms = Infinity;
    for (let run = 0; run < RUNS; run++) {
      await quiet(QUIET_FOR_DECODE_MS); // a click never waits for more than one of these
      ms = Math.min(ms, await candidate.measure(graphs.weights));
    }
    onRow(rowOf(candidate, ms));
    return ms;
  };
  let bestMs = await measured(running);

  /** @param {Choice} choice @returns {Promise<boolean>} whether it is the best so far */
  const attempt = async ({ where, threads }) => {
    /** @type {LocalDecoder|null} */
    let candidate = null;
    try {
      await quiet(QUIET_FOR_START_MS);
      candidate = await LocalDecoder.start(where, threads, graphs);
      const ms = await measured(candidate);
      if (ms > WORTH_IT * bestMs) {
        candidate.close();
        return false;
      }
      if (best !== running) best.close();
      [best, bestMs] = [candidate, ms];
      return true;
    } catch (error) {
      candidate?.close();
      const note = error instanceof Error ? error.message : String(error);
      onRow({ where, threads, ms: null, parity: where === "webgpu" ? false : null, note });
      return false;
    }
  };

  const steps = threadSteps(can.threads);
  const from = steps.indexOf(running.threads);
  if (running.where === "wasm") {
    let up = from + 1;
    while (up < steps.length && (await attempt({ where: "wasm", threads: steps[up] }))) up++;
    if (best === running) {
      let down = from - 1;
      while (down >= 0 && (await attempt({ where: "wasm", threads: steps[down] }))) down--;
    }
  }
  if (can.webgpu && running.where !== "webgpu") await attempt({ where: "webgpu", threads: 1 });
  return best;
}

/**
 * A started decoder's row: WebGPU that started has shown parity.
 * @param {LocalDecoder} decoder @param {number} ms @returns {CalibrationRow}
 */
export function rowOf({ where, threads }, ms) {
  return { where, threads, ms, parity: where === "webgpu" ? true : null, note: "" };
}

/** 1, 2, 4, ... and the most there are. @param {number} most */
export function threadSteps(most) {
  const steps = [];
  for (let threads = 1; threads < most; threads *= 2) steps.push(threads);
  return [...steps, most];
}

/** What to start with before anything is measured. @param {number} most @returns {Choice} */
export function firstGuess(most) {
  const steps = threadSteps(most).filter((threads) => threads <= 4);
  return { where: "wasm", threads: steps[steps.length - 1] };
}

/**
 * Valid for one version, decoder, browser and number of threads. Not for one graphics card: that takes asking.
 * @param {string} version @param {string} weights @param {{threads: number}} can @param {string} browser
 */
export function calibrationKey(version, weights, can, browser) {
  return [version, weights.slice(0, 12), can.threads, browser].join("|");
}

/** @param {string} key @param {Capabilities} can @returns {Remembered|null} */
export function recall(key, can) {
  try {
    const found = JSON.parse(localStorage.getItem(STORAGE_PREFIX + key) ?? "null");
    if (!found || Date.now() - found.measured > VALID_MS) return null;
    const usable = found.where === "webgpu" ? can.webgpu : found.threads >= 1 && found.threads <= can.threads;
    return usable ? found : null;
  } catch {
    return null; // storage is blocked or holds nonsense: measure again
  }
}

/** @param {string} key @param {Remembered|null} choice  null forgets */
export function remember(key, choice) {
  try {
    const stored = Object.keys(localStorage).filter((name) => name.startsWith(STORAGE_PREFIX));
    for (const name of stored) if (outdated(localStorage.getItem(name))) localStorage.removeItem(name);
    if (choice) localStorage.setItem(STORAGE_PREFIX + key, JSON.stringify({ ...choice, measured: Date.now() }));
    else localStorage.removeItem(STORAGE_PREFIX + key);
  } catch {
    return; // storage is blocked or full: the next visit measures again
  }
}

/** @param {string|null} text  a stored calibration */
function outdated(text) {
  try {
    return !(Date.now() - JSON.parse(text ?? "").measured <= VALID_MS);
  } catch {
    return true;
  }
}

/** What a decode took when it was measured. @param {Remembered|null} known @returns {number|null} */
export function knownMs(known) {
  return known?.rows.find(({ where, threads }) => where === known.where && threads === known.threads)?.ms ?? null;
}
