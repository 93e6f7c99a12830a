/** What trainings are called, and how far one is, in words. */

import { language, t } from "../../../core/text.js";

/** @typedef {import("../../../core/api-types.js").Training} Training */

const DECIMALS = new Intl.NumberFormat(language, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const SIGNED_CLICKS = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" });
const SIGNED = new Intl.NumberFormat(language, { minimumFractionDigits: 3, maximumFractionDigits: 3, signDisplay: "exceptZero" });

/** What can be trained. @type {Readonly<Record<Training["what"], {title: string, about: string}>>} */
export const WHATS = Object.freeze({
  choice: { title: t("Choice of mask"), about: t("Which candidate is shown first; minutes, works with few images") },
  tokens: { title: t("Mask tokens"), about: t("The masks too, a little; takes longer") },
  decoder: { title: t("Decoder"), about: t("Slower; best with several hundred objects") },
  lora: { title: t("Encoder adapters (LoRA)"), about: t("Needs a GPU; images are encoded again with the result") },
});

/** Why the encoder can't be trained; nothing where it can. @type {Readonly<Record<import("../../../core/api-types.js").TrainingEstimate["encoder"], string>>} */
export const WHY_NO_ENCODER = Object.freeze({
  possible: "",
  no_gpu: t("Needs a GPU; this server has none"),
  unreadable: t("Not available for this base model"),
});

const STEPS = Object.freeze({
  encoding: t("Encoding images"),
  reading: t("Reading objects"),
  before: t("Evaluating the current model"),
  training: t("Training"),
  after: t("Evaluating the new model"),
  installing: t("Installing"),
});

/** @param {number|null} value */
export const clicks = (value) => (value === null ? "–" : value.toFixed(1));
/** @param {number|null} value */
export const figure = (value) => (value === null ? "–" : DECIMALS.format(value));
/** @param {number} value */
export const signedClicks = (value) => SIGNED_CLICKS.format(value);
/** @param {number} value */
export const signed = (value) => SIGNED.format(value);

/** By how much mean IoU after one click grew; null: it was not measured. @param {Training} training */
export function gainOf({ result }) {
  const [before, after] = [result?.before.miou[0], result?.after.miou[0]];
  return before === undefined || after === undefined ? null : after - before;
}

/** @param {Training} training */
export function standingOf({ state, step, seconds_left: left, position, result, error }) {
  if (state === "queued") return position !== null && position > 1 ? t("Waiting, {count} ahead", { count: position - 1 }) : t("Waiting");
  if (state === "running") {
    const doing = step ? STEPS[step] : t("Starting");
    return left === null ? doing : t("{doing}, {time} left", { doing, time: time(left) });
  }
  if (state === "paused") return t("Paused. The best result so far is kept.");
  if (state === "failed") return `${error?.message ?? ""} ${error?.hint ?? ""}`.trim();
  return result ? verdictOf(result) : "";
}

/** Why it was installed, or was not. @param {NonNullable<Training["result"]>} result */
function verdictOf({ installed, gain, error }) {
  const values = { gain: gain > 0 ? figure(gain) : signed(gain), error: error === null ? "?" : figure(error) };
  if (installed) return t("Mean IoU after one and three clicks rose by {gain} ± {error} on held-out images.", values);
  if (gain > 0) return t("Mean IoU rose by {gain} on held-out images, within the margin of error ({error}).", values);
  return t("Mean IoU did not improve on held-out images ({gain}).", values);
}

/** In the list of rounds. @param {Training} training */
export function outcomeOf({ state, result }) {
  if (state === "done") return result?.installed ? t("Installed") : t("No improvement");
  return { queued: t("Waiting"), running: t("Running"), paused: t("Paused"), failed: t("Failed") }[state];
}

/** As "1:05" or "1:02:05". @param {number} seconds */
export function time(seconds) {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
