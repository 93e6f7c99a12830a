/** Masks written as pictures, and random ones, for the tests of geometry. */

/** @typedef {import("../../../static/js/geometry/region.js").Region} Region */

/**
 * "#" is 1.
 * @param {string[]} rows @param {number} [x] @param {number} [y] @returns {Region}
 */
export function drawn(rows, x = 0, y = 0) {
  const data = Uint8Array.from(rows.join(""), (sign) => Number(sign === "#"));
  return { x, y, width: rows[0]?.length ?? 0, height: rows.length, data };
}

/** @param {Region} region @returns {string[]} as `drawn` takes it */
export function picture({ width, height, data }) {
  return Array.from({ length: height }, (_, row) =>
    Array.from(data.subarray(row * width, (row + 1) * width), (one) => (one ? "#" : ".")).join(""),
  );
}

/**
 * The same numbers in Python: `Chance` of tests/js/test_shared_facts.py.
 * @param {number} seed @returns {() => number} whole numbers below 2 ** 16
 */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 16;
  };
}

/**
 * A random mask of about `percent` ones, in grains of `grain` pixels.
 * @param {() => number} next @param {number} width @param {number} height @param {number} percent @param {number} [grain]
 * @returns {Region} at (0, 0)
 */
export function speckled(next, width, height, percent, grain = 1) {
  const columns = Math.ceil(width / grain);
  const cells = Array.from({ length: columns * Math.ceil(height / grain) }, () => next() % 100 < percent);
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const row = Math.floor(i / width);
    return Number(cells[Math.floor(row / grain) * columns + Math.floor((i % width) / grain)]);
  });
  return { x: 0, y: 0, width, height, data };
}
