import assert from "node:assert/strict";
import { test } from "node:test";

import { LARGEST, SMALLEST, createBrush } from "../../../static/js/editor/brush.js";

test("the first size fits the picture, and later pictures keep what was chosen", () => {
  const brush = createBrush();
  brush.ready({ width: 4000, height: 3000 });
  assert.equal(brush.size.peek(), 100);
  brush.ready({ width: 400, height: 300 });
  assert.equal(brush.size.peek(), 100);
  brush.size.value = 0;
  brush.ready({ width: 20, height: 10 });
  assert.equal(brush.size.peek(), 4);
});

test("every step changes the size, between the smallest and the largest", () => {
  const brush = createBrush();
  brush.set(SMALLEST);
  const seen = [SMALLEST];
  while (brush.size.peek() < LARGEST && seen.length < 200) {
    brush.resize(1);
    seen.push(brush.size.peek());
  }
  assert.equal(seen.at(-1), LARGEST);
  assert.equal(new Set(seen).size, seen.length);
  assert.ok(seen.length < 60);
  for (let i = 0; i < 200; i++) brush.resize(-1);
  assert.equal(brush.size.peek(), SMALLEST);
});
