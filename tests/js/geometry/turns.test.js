import assert from "node:assert/strict";
import { test } from "node:test";

import { applied, appliedRect, inverse, matrixOf, turnOf } from "../../../static/js/geometry/turns.js";
import { createViewport } from "../../../static/js/editor/viewport.js";

const SIZE = { width: 40, height: 30 };

test("a quarter clockwise takes the picture's left edge to the top", () => {
  const at = (/** @type {0|1|2|3} */ turn, /** @type {{x: number, y: number}} */ place) => applied(matrixOf({ scale: 2, x: 5, y: 7, turn }, SIZE), place);
  assert.deepEqual(at(0, { x: 0, y: 0 }), { x: 5, y: 7 });
  assert.deepEqual(at(1, { x: 0, y: 0 }), { x: 5 + 60, y: 7 });
  assert.deepEqual(at(1, { x: 0, y: 30 }), { x: 5, y: 7 });
  assert.deepEqual(at(2, { x: 40, y: 30 }), { x: 5, y: 7 });
  assert.deepEqual(at(3, { x: 40, y: 0 }), { x: 5, y: 7 });
});

test("what a matrix does its inverse takes back", () => {
  for (const quarters of [-1, 0, 1, 2, 3, 6]) {
    const matrix = matrixOf({ scale: 1.7, x: -3, y: 11, turn: turnOf(quarters) }, SIZE);
    const { x, y } = applied(inverse(matrix), applied(matrix, { x: 12.5, y: 3.25 }));
    assert.ok(Math.hypot(x - 12.5, y - 3.25) < 1e-9);
    const [left, top, right, bottom] = appliedRect(matrix, [1, 2, 4, 3]);
    assert.ok(right > left && bottom > top);
  }
});

test("a turned picture is fitted by its turned sides", () => {
  const viewport = createViewport();
  viewport.resize({ width: 400, height: 300, dpr: 1 });
  viewport.setPicture({ width: 1000, height: 200 });
  assert.equal(viewport.view.peek().scale, 368 / 1000);
  viewport.rotate(1);
  assert.equal(viewport.view.peek().scale, 268 / 1000);
  const middle = viewport.toScreen({ x: 500, y: 100 });
  assert.ok(Math.hypot(middle.x - 200, middle.y - 150) < 1e-9);
});

test("turned while zoomed in, the middle stays in the middle", () => {
  const viewport = createViewport();
  viewport.resize({ width: 400, height: 300, dpr: 1 });
  viewport.setPicture({ width: 1000, height: 800 });
  viewport.zoomAt({ x: 150, y: 120 }, 6);
  const before = viewport.middle();
  viewport.rotate(1);
  const after = viewport.middle();
  assert.ok(Math.hypot(before.x - after.x, before.y - after.y) < 1e-6);
});

test("another picture is fitted, or shown at the same scale and relative place", () => {
  const viewport = createViewport();
  viewport.resize({ width: 400, height: 300, dpr: 1 });
  viewport.setPicture({ width: 1000, height: 800 });
  viewport.setPicture({ width: 500, height: 100 });
  assert.equal(viewport.view.peek().scale, 368 / 500);
  viewport.look({ x: 250, y: 25 }, 4);
  viewport.setPicture({ width: 1000, height: 800 });
  assert.equal(viewport.view.peek().scale, 4);
  const { x, y } = viewport.middle();
  assert.ok(Math.hypot(x - 500, y - 200) < 1e-6);
});
