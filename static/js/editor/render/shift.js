/** When a layer that was drawn somewhat larger than the stage still shows what is wanted, moved by whole pixels. */

/** @typedef {import("../../geometry/turns.js").Matrix} Matrix */
/** @typedef {{matrix: Matrix, width: number, height: number}} Made  for which view, on which stage, device pixels */

const AROUND = 96; // CSS pixels that a layer is larger on each side
const WHOLE = 1e-3; // device pixels by which a move may differ from whole ones

/** Device pixels that a layer is larger on each side. @param {number} dpr */
export const marginOf = (dpr) => Math.round(AROUND * dpr);

/**
 * Moves what is drawn into a layer to where it belongs there.
 * @param {Matrix} matrix image frame to device pixels of the stage @param {number} dpr @returns {Matrix}
 */
export function withinMargin([a, b, c, d, e, f], dpr) {
  return [a, b, c, d, e + marginOf(dpr), f + marginOf(dpr)];
}

/**
 * Where a layer's corner goes on the stage; null when it has to be drawn anew.
 * @param {Made|null} made @param {Made} wanted @param {number} dpr
 * @returns {{x: number, y: number}|null} device pixels
 */
export function cornerOf(made, wanted, dpr) {
  if (made?.width !== wanted.width || made.height !== wanted.height) return null;
  if (wanted.matrix.slice(0, 4).some((value, i) => value !== made.matrix[i])) return null;
  const dx = wanted.matrix[4] - made.matrix[4];
  const dy = wanted.matrix[5] - made.matrix[5];
  const margin = marginOf(dpr);
  if (Math.abs(dx) > margin || Math.abs(dy) > margin) return null;
  const x = Math.round(dx);
  const y = Math.round(dy);
  return Math.abs(dx - x) > WHOLE || Math.abs(dy - y) > WHOLE ? null : { x: x - margin, y: y - margin };
}
