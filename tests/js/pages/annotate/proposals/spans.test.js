/** Proposals in a coarse grid: the cells whose middles they cover. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { rleOf } from "../../../../../static/js/geometry/region.js";
import { cellsOf, gridOf, paintCells, paintLabels, spansOf } from "../../../../../static/js/pages/annotate/proposals/spans.js";

/** A filled rectangle of an image. @param {number} x @param {number} y @param {number} width @param {number} height @param {number} imageWidth @param {number} imageHeight */
function rectangle(x, y, width, height, imageWidth, imageHeight) {
  return rleOf({ x, y, width, height, data: new Uint8Array(width * height).fill(1) }, imageWidth, imageHeight).rle;
}

test("the grid of a large image is coarse, that of a small one its pixels", () => {
  assert.deepEqual(gridOf(640, 480), { step: 1, columns: 640, rows: 480 });
  assert.deepEqual(gridOf(4000, 3000), { step: 4, columns: 1000, rows: 750 });
});

test("spans of single pixels are the runs of the mask", () => {
  const grid = { step: 1, columns: 8, rows: 6 };
  assert.deepEqual([...spansOf(rectangle(2, 1, 3, 4, 8, 6), grid)], [2, 1, 5, 3, 1, 5, 4, 1, 5]);
});

test("a run that goes on in the next column is in both", () => {
  const grid = { step: 1, columns: 4, rows: 3 };
  assert.deepEqual([...spansOf(rectangle(1, 0, 2, 3, 4, 3), grid)], [1, 0, 3, 2, 0, 3]);
});

for (const step of [2, 3, 4]) {
  test(`cells of ${step} pixels are those whose middle is covered`, () => {
    const [width, height] = [37, 29];
    const grid = { step, columns: Math.ceil(width / step), rows: Math.ceil(height / step) };
    const mask = /** @type {const} */ ([5, 3, 17, 19]);
    const labels = new Uint16Array(grid.columns * grid.rows);
    paintLabels(labels, [spansOf(rectangle(...mask, width, height), grid)], grid.rows);
    const middle = step >> 1;
    for (let column = 0; column < grid.columns; column++) {
      for (let row = 0; row < grid.rows; row++) {
        const x = column * step + middle - mask[0];
        const y = row * step + middle - mask[1];
        const inside = x >= 0 && y >= 0 && x < mask[2] && y < mask[3];
        assert.equal(labels[column * grid.rows + row], Number(inside), `${column}, ${row}`);
      }
    }
  });
}

test("later proposals cover earlier ones, and borders are in full", () => {
  const grid = { step: 1, columns: 6, rows: 5 };
  const list = [rectangle(0, 0, 6, 5, 6, 5), rectangle(1, 1, 3, 3, 6, 5)].map((rle) => spansOf(rle, grid));
  const labels = new Uint16Array(30);
  paintLabels(labels, list, grid.rows);
  const out = new Uint32Array(30);
  paintCells(labels, grid, Uint32Array.of(0, 1, 2), Uint32Array.of(0, 11, 12), out);
  const rows = Array.from({ length: 5 }, (_, row) => [...out.slice(6 * row, 6 * row + 6)]);
  assert.deepEqual(rows, [
    [1, 11, 11, 11, 1, 1],
    [11, 12, 12, 12, 11, 1],
    [11, 12, 2, 12, 11, 1],
    [11, 12, 12, 12, 11, 1],
    [1, 11, 11, 11, 1, 1],
  ]);
});

test("what is lit is its own cells in their box", () => {
  const cells = cellsOf(Uint16Array.of(2, 1, 3, 3, 2, 4));
  assert.deepEqual([cells.x, cells.y, cells.width, cells.height], [2, 1, 2, 3]);
  assert.deepEqual([...cells.data], [1, 0, 1, 1, 0, 1]);
  assert.deepEqual(cellsOf(new Uint16Array(0)).width, 0);
});
