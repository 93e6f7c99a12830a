/** How the picture and what is on it are shown, for the eye alone: no mask depends on it. Remembered by this browser. */

import { effect, signal } from "../core/signals.js";

/** @typedef {'all'|'red'|'green'|'blue'|'grey'} Channel */
/**
 * @template T
 * @typedef {import("../core/signals.js").Signal<T>} Signal
 */

const STORED_AS = "samphire.view";
export const CHANNELS = Object.freeze(/** @type {Channel[]} */ (["all", "red", "green", "blue", "grey"]));

const DEFAULTS = Object.freeze({
  opacity: 0.4, // of accepted masks that nothing else is said about, 0 to 1
  outlines: false, // masks as outlines alone
  colors: /** @type {'label'|'object'} */ ("label"),
  brightness: 1, // 1 as it is
  contrast: 1,
  channel: /** @type {Channel} */ ("all"),
  crosshair: false, // lines through the pointer
  minimap: true,
  inspector: true, // what is under the pointer, in numbers
  filmstrip: true,
  cursors: true, // where others point
  comments: true, // where comments are pinned
  previews: false, // the mask of what another person points at
});
/** Numbers are kept between these. @type {Readonly<Record<string, [number, number]>>} */
export const LIMITS = Object.freeze({ opacity: [0, 1], brightness: [0.25, 3], contrast: [0.25, 3] });
/** @type {Readonly<Record<string, readonly string[]>>} */
const CHOICES = Object.freeze({ colors: ["label", "object"], channel: CHANNELS });

/** @typedef {typeof DEFAULTS} Options */
/** @typedef {{[K in keyof Options]: Signal<Options[K]>}} ViewOptions */

/** @param {string} name @param {unknown} value whether it can be what the option of this name is */
function fits(name, value) {
  if (name in LIMITS) return typeof value === "number" && value >= LIMITS[name][0] && value <= LIMITS[name][1];
  if (name in CHOICES) return CHOICES[name].includes(/** @type {string} */ (value));
  return typeof value === "boolean";
}

/** @returns {Record<string, unknown>} */
function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORED_AS) ?? "{}") ?? {};
  } catch {
    return {}; // unreadable or forbidden storage
  }
}

/** @returns {ViewOptions} */
function createViewOptions() {
  const before = stored();
  const entries = Object.entries(DEFAULTS).map(([name, usual]) => {
    const value = before[name];
    return [name, signal(fits(name, value) ? value : usual)];
  });
  const options = Object.fromEntries(entries);
  effect(() => {
    const now = Object.entries(options).map(([name, each]) => [name, each.value]);
    try {
      localStorage.setItem(STORED_AS, JSON.stringify(Object.fromEntries(now)));
    } catch {
      // Forbidden storage: the choices live as long as the page.
    }
  });
  return /** @type {ViewOptions} */ (options);
}

export const viewOptions = createViewOptions();

/** Puts back everything that changes colours. */
export function resetAdjustments() {
  for (const name of /** @type {const} */ (["opacity", "brightness", "contrast"])) {
    viewOptions[name].value = DEFAULTS[name];
  }
  viewOptions.channel.value = DEFAULTS.channel;
}
