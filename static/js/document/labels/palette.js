/** Label colours: 24 chosen apart from each other also for colour-blind eyes, and as many more as are asked for. */

import { once } from "../../core/once.js";

/**
 * Five of Okabe and Ito's colours, then each next the one farthest in OKLab from all before it, as seen with normal,
 * protan, deutan and tritan sight (Machado et al. 2009). Strong blue is left to the mask being made.
 */
export const PALETTE = Object.freeze([
  "#e69f00",
  "#cc79a7",
  "#009e73",
  "#f0e442",
  "#d55e00",
  "#780096",
  "#5ae1ff",
  "#0f5a5a",
  "#960000",
  "#ffb4c3",
  "#c31e96",
  "#4bd287",
  "#875ac3",
  "#87a5e1",
  "#875a2d",
  "#87ffb4",
  "#ff3c78",
  "#4b6996",
  "#d20000",
  "#ff78ff",
  "#692dd2",
  "#a50f5a",
  "#b4d200",
  "#ff694b",
]);

const GOLDEN_ANGLE = 137.508;
const APART = 0.06; // in OKLab
const TRIES = 24; // colours in a row that are too near
const CLOSER = 0.8; // what the distance is lowered by then
const COMPARED = 256; // from there on colours are only different

/**
 * @param {number} hue degrees
 * @param {number} saturation 0 to 1
 * @param {number} lightness 0 to 1
 * @returns {string} #rrggbb
 */
function hslHex(hue, saturation, lightness) {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (/** @type {number} */ n) => {
    const k = (n + hue / 30) % 12;
    const value = lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

/** @param {number} number */
const generated = (number) =>
  hslHex((number * GOLDEN_ANGLE) % 360, number % 2 ? 0.55 : 0.75, [0.62, 0.45, 0.76][number % 3]);

/** Ottosson (2020), of an sRGB colour. @param {string} color @returns {[number, number, number]} */
function okLab(color) {
  const [r, g, b] = rgb(color).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** The first colours, each apart from all before it: less and less so, when many in a row were too near. */
function colorsApart() {
  /** @type {string[]} */
  const colors = [...PALETTE];
  const places = colors.map(okLab);
  let [least, missed] = [APART, 0];
  for (let tried = 0; colors.length < COMPARED; tried++) {
    const color = generated(tried);
    const [x, y, z] = okLab(color);
    if (places.every(([a, b, c]) => Math.hypot(a - x, b - y, c - z) >= least)) {
      colors.push(color);
      places.push([x, y, z]);
      missed = 0;
    } else missed += 1;
    if (missed === TRIES) [least, missed] = [least * CLOSER, 0];
  }
  return colors;
}
const apart = once(colorsApart);

/**
 * The colour of the n-th label: from the palette, then generated.
 * @param {number} index
 * @returns {string} #rrggbb
 */
export function paletteColor(index) {
  if (index < PALETTE.length) return PALETTE[index]; // most projects need no more
  return index < COMPARED ? apart()[index] : generated(index);
}

/** The first colour nobody has taken. @param {Iterable<string>} taken @returns {string} */
export function freeColor(taken) {
  const used = new Set(taken);
  let index = 0;
  while (used.has(paletteColor(index))) index += 1;
  return paletteColor(index);
}

/** @param {string} hex #rrggbb @returns {[number, number, number]} 0 to 1 */
export function rgb(hex) {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
