/**
 * The corners by which a mask's outline is edited. The mask is the truth: corners are kept only as long as it is the very
 * same, so that they do not jump while they are edited, and come back when a change is undone.
 */

import { signal } from "../../core/signals.js";
import { LOSSLESS, losslessRings, outline, ringsOf, simplified } from "../../geometry/outlines.js";
import { iou, regionOf } from "../../geometry/region.js";
import { fillRings } from "../../geometry/rings.js";
import { simplify } from "../../geometry/simplify.js";

/** @typedef {import("../../core/types.js").Rle} Rle */
/** @typedef {import("../../geometry/rings.js").Ring} Ring */
/**
 * @typedef {object} OutlineState
 * @property {readonly Ring[]} rings  filled even-odd they are the mask
 * @property {Rle} base  the mask before it was simplified
 * @property {number} tolerance  pixels it was simplified by, 0 for not at all
 * @property {number} iou  with the base
 * @property {boolean} own  a person put the corners there, rather than the mask's outline
 */

/** @typedef {ReturnType<typeof createOutlines>} Outlines */

/** Those of one document. */
export function createOutlines() {
  /** @type {WeakMap<Rle, OutlineState>} */
  const states = new WeakMap();
  /** Counts how often corners were kept: a mask may have others than before. */
  const kept = signal(0);
  /** What was simplified last: a slider asks for it again and again. @type {{rle: Rle, region: import("../../geometry/region.js").Region, exact: import("../../geometry/outlines.js").Part[]}|null} */
  let last = null;

  /** @param {Rle} rle */
  function traced(rle) {
    if (last?.rle !== rle) {
      const region = regionOf(rle);
      last = { rle, region, exact: outline(region) };
    }
    return last;
  }

  /** @param {Rle} rle @returns {OutlineState} */
  function lossless(rle) {
    return { rings: losslessRings(traced(rle).exact), base: rle, tolerance: 0, iou: 1, own: false };
  }

  return {
    /**
     * As it was edited, or else every corner that the mask needs; read in a computed signal it follows them.
     * @param {Rle} rle @returns {OutlineState}
     */
    of(rle) {
      void kept.value;
      const state = states.get(rle) ?? lossless(rle);
      states.set(rle, state);
      return state;
    },

    /** @param {Rle} rle @param {OutlineState} state */
    keep(rle, state) {
      states.set(rle, state);
      kept.value += 1;
    },

    /**
     * The base of a mask with fewer corners: of those a person put, or of its outline.
     * @param {Rle} base @param {number} tolerance  pixels @returns {OutlineState}
     */
    simplified(base, tolerance) {
      const whole = states.get(base);
      const { exact, region } = traced(base);
      if (tolerance <= 0) return whole?.tolerance === 0 ? whole : lossless(base);
      const own = whole?.own && whole.tolerance === 0 ? fewer(whole.rings, tolerance) : null;
      const rings = own ?? ringsOf(simplified(exact, Math.max(tolerance, LOSSLESS)));
      return { rings, base, tolerance, iou: iou(fillRings(rings), region), own: false };
    },
  };
}

/** @param {readonly Ring[]} rings @param {number} tolerance */
function fewer(rings, tolerance) {
  const kept = rings.map((ring) => simplify(ring, tolerance)).filter((ring) => ring.length >= 6);
  return kept.length ? kept : rings;
}
