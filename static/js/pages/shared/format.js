/** Numbers and times as people read them. */

import { counted, language, t } from "../../core/text.js";

const MEGABYTE = 1e6;

/** @param {number} bytes */
export function megabytes(bytes) {
  const value = bytes / MEGABYTE;
  return value >= 10 ? value.toFixed(0) : value.toFixed(1);
}

/** As large a unit as fits. @param {number} bytes */
export function size(bytes) {
  return bytes < 1e9 ? `${megabytes(bytes)} MB` : `${(bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0)} GB`;
}

/** How long something takes, in words. @param {number} seconds  whole ones */
export function duration(seconds) {
  return seconds < 90
    ? counted(seconds, "{count} second", "{count} seconds")
    : counted(Math.ceil(seconds / 60), "{count} minute", "{count} minutes");
}

/** The day of a time as the server tells it. @param {string} time */
export function day(time) {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(new Date(time));
}

/** The time of day. @param {string|Date} time */
export function clock(time) {
  return new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(new Date(time));
}

/** Day and time of day. @param {string|Date} time */
export function moment(time) {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(time));
}

/** @param {string|Date} time */
export function isToday(time) {
  return new Date(time).toDateString() === new Date().toDateString();
}

/** @param {number|null} ms */
export function milliseconds(ms) {
  return ms === null ? "–" : `${Math.round(ms)} ms`;
}

/** A score between 0 and 1; the network's own may go a little beyond. @param {number} value */
export function score(value) {
  return Math.min(1, Math.max(0, value)).toFixed(2);
}

/** @param {number} value */
export function seconds(value) {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
}

/** @param {number} seconds */
export function secondsLeft(seconds) {
  return seconds < 1 ? t("almost done") : t("{seconds} s left", { seconds: Math.ceil(seconds) });
}

const WHERE = Object.freeze({ webgpu: "WebGPU", wasm: "wasm", server: t("server") });

/** @param {import("../../core/types.js").Where} where @param {number} threads */
export function whereName(where, threads) {
  return where === "wasm" && threads > 1 ? `wasm ×${threads}` : WHERE[where];
}
