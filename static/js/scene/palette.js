/** Label colours: 24 chosen apart from each other also for colour-blind eyes, and as many more as are asked for. */

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

/**
 * The colour of the n-th label: from the palette, then generated.
 * @param {number} index
 * @returns {string} #rrggbb
 */
export function paletteColor(index) {
  if (index < PALETTE.length) return PALETTE[index];
  const beyond = index - PALETTE.length;
  return hslHex((beyond * GOLDEN_ANGLE) % 360, beyond % 2 ? 0.55 : 0.75, [0.62, 0.45, 0.76][beyond % 3]);
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
