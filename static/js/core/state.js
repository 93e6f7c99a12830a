/** What holds for the whole page, whatever is open in it. Main thread only; what is of one image is its document's. */

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

/** False while the server cannot be reached. @type {import("./signals.js").Signal<boolean>} */
export const online = signal(true);

/** @template T @param {import("./signals.js").Signal<T>} target @param {Partial<T>} change */
export function update(target, change) {
  const present = target.peek();
  const names = /** @type {Array<keyof T>} */ (Object.keys(change));
  if (names.some((name) => !Object.is(present[name], change[name]))) target.value = { ...present, ...change };
}
