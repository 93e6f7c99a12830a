/** The rim of a mask: its outermost cells, drawn stronger, so that neighbours of one colour can be told apart. */

const INSIDE = 128; // of 255: a cell covered this much counts as the mask's

/**
 * @param {Uint8ClampedArray} alpha  (rows * columns) how much of each cell the mask covers, 0 to 255
 * @param {number} columns @param {number} rows
 * @param {number} depth cells
 * @param {{left: boolean, top: boolean, right: boolean, bottom: boolean}} ends whether the mask ends at that side; else it goes on
 * @returns {Uint8Array} (rows * columns) 1 in the rim
 */
export function rimOf(alpha, columns, rows, depth, ends) {
  let inner = new Uint8Array(alpha.length); // loops, here and below: many times as fast as from() and map()
  for (let i = 0; i < alpha.length; i++) inner[i] = alpha[i] >= INSIDE ? 1 : 0;
  for (let k = 0; k < depth; k++) {
    const next = new Uint8Array(inner.length);
    for (let y = 0, at = 0; y < rows; y++) {
      const above = y > 0 || !ends.top;
      const below = y < rows - 1 || !ends.bottom;
      for (let x = 0; x < columns; x++, at++) {
        if (!inner[at] || !above || !below) continue;
        const left = x > 0 ? inner[at - 1] : !ends.left;
        const right = x < columns - 1 ? inner[at + 1] : !ends.right;
        const up = y > 0 ? inner[at - columns] : 1;
        const down = y < rows - 1 ? inner[at + columns] : 1;
        if (left && right && up && down) next[at] = 1;
      }
    }
    inner = next;
  }
  for (let i = 0; i < alpha.length; i++) inner[i] = alpha[i] > 0 && !inner[i] ? 1 : 0;
  return inner;
}
