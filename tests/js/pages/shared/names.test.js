import assert from "node:assert/strict";
import { test } from "node:test";

import { squareAround, veilOf } from "../../../../static/js/editor/render/object-thumbnail.js";
import { ends } from "../../../../static/js/pages/shared/middle-ellipsis.js";

test("a name keeps its end, letters whole", () => {
  assert.deepEqual(ends("2024-03-11_camera_front_000731.jpg"), ["2024-03-11_camera_fron", "t_000731.jpg"]);
  assert.deepEqual(ends("short.png"), ["", "short.png"]);
  assert.deepEqual(ends(`${"a".repeat(20)}👩‍👩‍👧${"b".repeat(11)}`), ["a".repeat(20), `👩‍👩‍👧${"b".repeat(11)}`]);
});

test("an object's small picture is a square around it, as large as a few pixels at least", () => {
  assert.deepEqual(squareAround([100, 50, 100, 20]), { x: 88, y: -2, side: 124 });
  assert.deepEqual(squareAround([10, 10, 2, 2]), { x: -1, y: -1, side: 24 });
});

test("the object is seen clear, its edge in its colour, all else dimmed", () => {
  const cells = 5;
  const covered = new Uint8ClampedArray(cells * cells);
  for (const row of [1, 2, 3]) for (const column of [1, 2, 3]) covered[row * cells + column] = 255;
  const veil = veilOf(covered, cells, "#e69f00");
  const at = (/** @type {number} */ column, /** @type {number} */ row) => [...veil.slice(4 * (row * cells + column), 4 * (row * cells + column) + 4)];
  assert.deepEqual(at(2, 2), [0, 0, 0, 0]);
  assert.deepEqual(at(1, 2), [230, 159, 0, 255]);
  assert.ok(at(0, 0)[3] > 128);
});
