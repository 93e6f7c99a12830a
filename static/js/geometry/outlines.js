/**
 * From a mask to its outline, as server/domain/outlines.py makes it, corner for corner: closed rings along the edges of its
 * pixels, or with fewer corners. A pixel covers [x, x + 1) x [y, y + 1), so corners of the exact outline are whole
 * numbers. Pixels that touch at a corner only are of two parts, so that a ring never crosses itself.
 */

import { crackRings } from "./cracks.js";
import { signedAreaTwice } from "./rings.js";
import { middles, simplify } from "./simplify.js";

/** @typedef {import("./region.js").Region} Region */
/** @typedef {import("./rings.js").Ring} Ring */
/** @typedef {{outer: Ring, holes: Ring[]}} Part  one connected piece: its outer ring clockwise, holes the other way round */

/** Pixels: an outline simplified by no more still fills the very same pixels. */
export const LOSSLESS = 0.3;

/**
 * Every part with its holes, exact: filled again they are the same pixels. Largest part first.
 * @param {Region} region @returns {Part[]}
 */
export function outline(region) {
  const found = crackRings(region);
  const areas = found.map(signedAreaTwice);
  const outers = [...found.keys()].filter((k) => areas[k] > 0).sort((a, b) => areas[b] - areas[a] || a - b);
  const made = new Map(outers.map((k) => [k, { outer: found[k], holes: /** @type {Ring[]} */ ([]) }]));
  if (outers.length < found.length) {
    const partOf = new Map(made);
    const holes = [...found.keys()].filter((k) => areas[k] < 0);
    for (const [hole, left] of ringToTheLeft(found, holes, region)) {
      const part = /** @type {Part} */ (partOf.get(left));
      partOf.set(hole, part);
      part.holes.push(found[hole]);
    }
  }
  return [...made.values()];
}

/** @param {readonly Part[]} list @returns {Ring[]} each part's outer ring followed by its holes: filled even-odd */
export const ringsOf = (list) => list.flatMap(({ outer, holes }) => [outer, ...holes]);

/** The exact outline's rings. @param {Region} region @returns {Ring[]} */
export const outlines = (region) => ringsOf(outline(region));

/**
 * Parts within `tolerance` pixels of the contour through the middles of the pixels' edges. Those that shrink to nothing are
 * left out, the largest never is.
 * @param {readonly Part[]} exact  as of `outline` @param {number} tolerance @returns {Part[]}
 */
export function simplified(exact, tolerance) {
  /** @type {Part[]} */
  const kept = [];
  for (const part of exact) {
    const outer = simplify(middles(part.outer), tolerance);
    if (outer.length >= 6) {
      const holes = part.holes.map((hole) => simplify(middles(hole), tolerance));
      kept.push({ outer, holes: holes.filter((hole) => hole.length >= 6) });
    } else if (!kept.length) kept.push(part);
  }
  return kept;
}

/**
 * Rings that fill the very same pixels by few corners: along the pixels' edges where those are the fewer, as of a rectangle.
 * @param {readonly Part[]} exact  as of `outline` @returns {Ring[]}
 */
export function losslessRings(exact) {
  return ringsOf(exact).map((ring) => {
    const lean = simplify(middles(ring), LOSSLESS);
    return lean.length < ring.length ? lean : ring;
  });
}

/**
 * Of each hole, the ring at the other end of the row of foreground that ends at the hole's leftmost edge: its part's outer
 * ring or a hole further left, so the answer comes in an order in which it can be followed.
 * @param {readonly Ring[]} found @param {readonly number[]} holes @param {Region} region
 * @returns {Array<[number, number]>}
 */
function ringToTheLeft(found, holes, region) {
  const line = region.width + 1;
  /** Place of an upright edge's pixel row on the grid. @param {number} x @param {number} y */
  const placeOf = (x, y) => (y - region.y) * line + x - region.x;
  /** @type {number[]} */
  const keys = []; // place * rings + ring, of every row of every upright edge
  const leftmost = found.map(() => ({ x: Infinity, y: 0 }));
  found.forEach((ring, k) => {
    for (let i = 2; i < ring.length; i += 4) {
      const next = (i + 2) % ring.length; // a ring's second edge, and every other, goes down or up
      const x = ring[i];
      const top = Math.min(ring[i + 1], ring[next + 1]);
      const bottom = Math.max(ring[i + 1], ring[next + 1]);
      if (x < leftmost[k].x) leftmost[k] = { x, y: top };
      for (let y = top; y < bottom; y++) keys.push(placeOf(x, y) * found.length + k);
    }
  });
  const sorted = Float64Array.from(keys).sort();
  /** @param {number} hole @returns {[number, number]} */
  function withLeft(hole) {
    const key = placeOf(leftmost[hole].x, leftmost[hole].y) * found.length + hole;
    let low = 0;
    for (let high = sorted.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < key) low = middle + 1;
      else high = middle;
    }
    return [hole, sorted[low - 1] % found.length];
  }
  return [...holes].sort((a, b) => leftmost[a].x - leftmost[b].x).map(withLeft);
}
