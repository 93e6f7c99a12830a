/** Two masks of one image made one, run by run: what that takes depends on their outlines and not on their areas. */

/**
 * @param {ArrayLike<number>} a @param {ArrayLike<number>} b  uncompressed COCO runs over equally many pixels
 * @param {(a: boolean, b: boolean) => boolean} keep  nothing of nothing
 * @returns {Uint32Array}
 */
function combined(a, b, keep) {
  const counts = new Uint32Array(a.length + b.length + 1);
  let length = 0;
  let value = false;
  let run = 0;
  let i = 0;
  let j = 0;
  let leftOfA = a[0] ?? 0;
  let leftOfB = b[0] ?? 0;
  for (;;) {
    while (!leftOfA && i + 1 < a.length) leftOfA = a[++i];
    while (!leftOfB && j + 1 < b.length) leftOfB = b[++j];
    const step = Math.min(leftOfA, leftOfB);
    if (!step) break;
    const one = keep(i % 2 === 1, j % 2 === 1);
    if (one !== value) {
      counts[length++] = run;
      run = 0;
      value = one;
    }
    run += step;
    leftOfA -= step;
    leftOfB -= step;
  }
  counts[length++] = run;
  return counts.slice(0, length);
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export const unitedRuns = (a, b) => combined(a, b, (one, other) => one || other);

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export const subtractedRuns = (a, b) => combined(a, b, (one, other) => one && !other);

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export const intersectedRuns = (a, b) => combined(a, b, (one, other) => one && other);
