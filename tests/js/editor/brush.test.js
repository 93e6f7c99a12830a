import assert from "node:assert/strict";
import { test } from "node:test";

import { LARGEST, SMALLEST, brushSize, readyBrush, resizeBrush, setBrushSize } from "../../../static/js/editor/brush.js";

test("the first size fits the picture, and later pictures keep what was chosen", () => {
  brushSize.value = 0;
  readyBrush({ width: 4000, height: 3000 });
  assert.equal(brushSize.peek(), 100);
  readyBrush({ width: 400, height: 300 });
  assert.equal(brushSize.peek(), 100);
  brushSize.value = 0;
  readyBrush({ width: 20, height: 10 });
  assert.equal(brushSize.peek(), 4);
});

test("every step changes the size, between the smallest and the largest", () => {
  setBrushSize(SMALLEST);
  const seen = [SMALLEST];
  while (brushSize.peek() < LARGEST && seen.length < 200) {
    resizeBrush(1);
    seen.push(brushSize.peek());
  }
  assert.equal(seen.at(-1), LARGEST);
  assert.equal(new Set(seen).size, seen.length);
  assert.ok(seen.length < 60);
  for (let i = 0; i < 200; i++) resizeBrush(-1);
  assert.equal(brushSize.peek(), SMALLEST);
});
