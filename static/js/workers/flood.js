/** The worker of the magic wand: holds the pixels of the opened picture, and answers where it is coloured alike. */

import { flood, thinned } from "../geometry/flood.js";

/** @typedef {import("../geometry/flood.js").Pixels} Pixels */
/**
 * @typedef {{id: number, url: string, width: number, height: number, x: number, y: number, tolerance: number, exact: boolean}} Question
 *   url and size of the picture; x, y: whole pixels; exact: every pixel is looked at, not as many as a screen shows
 */
/**
 * @typedef {{id: number, region: import("../geometry/region.js").Region, step: number}
 *   |{id: number, error: Trouble, detail: string}} Reply
 *   step: picture's pixels to a side of a region's pixel; detail: a number or the browser's own words
 */
/** @typedef {'unread'|'memory'|'failed'} Trouble  the picture's file cannot be had; no room for its pixels; anything else */

const SHOWN = 1600; // pixels of the longer side that a preview looks at

/** @type {{url: string, whole: Promise<Pixels>}|null} */
let held = null;
/** @type {{of: Pixels, step: number, pixels: Pixels}|null} */
let small = null;

class Failure extends Error {
  /** @param {Trouble} code @param {string|number} [detail] */
  constructor(code, detail = "") {
    super(String(detail));
    this.code = code;
  }
}

/** As it is shown: turned upright. @param {Question} question @returns {Promise<Pixels>} */
async function pixelsOf({ url, width, height }) {
  const answer = await fetch(url).catch(({ message }) => {
    throw new Failure("unread", message);
  });
  if (!answer.ok) throw new Failure("unread", answer.status);
  const bitmap = await createImageBitmap(await answer.blob());
  const sheet = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!sheet) throw new Failure("memory");
  sheet.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return sheet.getImageData(0, 0, width, height);
}

/** @param {Question} question */
async function answerTo(question) {
  const { url, width, height, x, y, tolerance, exact } = question;
  if (held?.url !== url) held = { url, whole: pixelsOf(question) };
  const whole = await held.whole;
  const step = exact ? 1 : Math.max(1, Math.ceil(Math.max(width, height) / SHOWN));
  if (step === 1) return { region: flood(whole, x, y, tolerance), step };
  if (small?.of !== whole) small = { of: whole, step, pixels: thinned(whole, step) };
  const { pixels } = small;
  const within = (/** @type {number} */ place, /** @type {number} */ size) => Math.min(size - 1, Math.floor(place / step));
  return { region: flood(pixels, within(x, pixels.width), within(y, pixels.height), tolerance), step };
}

addEventListener("message", async ({ data: question }) => {
  const { id } = /** @type {Question} */ (question);
  try {
    const { region, step } = await answerTo(question);
    postMessage({ id, region, step }, { transfer: [region.data.buffer] });
  } catch (error) {
    held = null; // another question tries again
    const { message } = /** @type {Error} */ (error);
    postMessage({ id, error: error instanceof Failure ? error.code : "failed", detail: message });
  }
});
