/** Every signal more than one room reads. Main thread only; signals of a single widget live in ui/. */

import { t } from "./text.js";
import { signal } from "./signals.js";

/** @typedef {import("./types.js").Status} Status */
/** @typedef {import("./types.js").Work} Work */

/** @type {Work} */
export const IDLE = Object.freeze({
  phase: "idle",
  fraction: null,
  bytes: 0,
  totalBytes: null,
  position: null,
  secondsLeft: null,
  error: null,
});

/** @type {import("./signals.js").Signal<Status>} */
export const status = signal(
  /** @type {Status} */ ({
    phase: "starting",
    where: null,
    threads: 0,
    ms: null,
    rttMs: null,
    forced: null,
    calibration: [],
    reason: t("Choosing where to compute masks."),
  }),
);

/** @type {import("./types.js").SegmenterInfo} */
const NO_SEGMENTER = Object.freeze({
  id: "",
  title: "",
  weights: "",
  licence: "",
  resize: "longest_side",
  prepare: { url: "", bytes: 0 },
  decoder: { url: "", bytes: 0 },
  encoder_bytes: 0,
  encoder_seconds: null,
  quality: null,
  default: true,
});

/** Filled from the page's data as it starts. @type {import("./signals.js").Signal<import("./types.js").Segmenters>} */
export const segmenters = signal(
  /** @type {import("./types.js").Segmenters} */ ({
    installed: [],
    inUse: NO_SEGMENTER,
    next: null,
    failure: null,
    decodeMs: {},
  }),
);

/** What the page waits for; `ready` means a click is answered at once. @type {import("./signals.js").Signal<Work>} */
export const work = signal(/** @type {Work} */ (IDLE));

/** False while the server cannot be reached. @type {import("./signals.js").Signal<boolean>} */
export const online = signal(true);

/** The opened image. @type {import("./signals.js").Signal<import("./types.js").ImageInfo|null>} */
export const image = signal(/** @type {import("./types.js").ImageInfo|null} */ (null));

/** What the person has said so far. @type {import("./signals.js").Signal<import("./types.js").Prompt>} */
export const prompt = signal(/** @type {import("./types.js").Prompt} */ ({ points: [], box: null, feedback: null }));

/**
 * Answer to the prompt, null when there is none.
 * @type {import("./signals.js").Signal<import("./types.js").Decoded|null>}
 */
export const decoded = signal(/** @type {import("./types.js").Decoded|null} */ (null));

/** Index into decoded.candidates that is shown. @type {import("./signals.js").Signal<number>} */
export const choice = signal(0);

/**
 * Answer to the pointer's place while there is no prompt.
 * @type {import("./signals.js").Signal<import("./types.js").Decoded|null>}
 */
export const hover = signal(/** @type {import("./types.js").Decoded|null} */ (null));

/** Accepted masks of the opened image. @type {import("./signals.js").Signal<import("./types.js").Annotation[]>} */
export const annotations = signal(/** @type {import("./types.js").Annotation[]} */ ([]));

/** @template T @param {import("./signals.js").Signal<T>} target @param {Partial<T>} change */
export function update(target, change) {
  const present = target.peek();
  const names = /** @type {Array<keyof T>} */ (Object.keys(change));
  if (names.some((name) => !Object.is(present[name], change[name]))) target.value = { ...present, ...change };
}
