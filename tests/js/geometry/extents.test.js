import assert from "node:assert/strict";
import { test } from "node:test";

import { cropAround, extentsOf } from "../../../static/js/geometry/extents.js";
import { InputFrame } from "../../../static/js/geometry/frames.js";

const PICTURE = { width: 1024, height: 512 };
const FRAME = new InputFrame(PICTURE.width, PICTURE.height, "longest_side"); // a cell is 4 x 4 pixels

/** @param {readonly [number, number, number, number][]} parts x, y, width, height in cells */
function mask(parts) {
  const data = new Float32Array(256 * 128).fill(-5);
  for (const [x, y, width, height] of parts) {
    for (let row = y; row < y + height; row++) data.fill(5, row * 256 + x, row * 256 + x + width);
  }
  return { width: 256, height: 128, data, resize: /** @type {const} */ ("longest_side") };
}

test("a far speck belongs to all of a mask and not to most of it", () => {
  const { all, most } = extentsOf(mask([[10, 20, 40, 30], [250, 100, 2, 2]]), FRAME);
  assert.deepEqual(all, [40, 80, 1008, 408]);
  assert.deepEqual(most, [40, 80, 200, 200]);
  assert.deepEqual(extentsOf(mask([]), FRAME), { all: null, most: null });
  assert.deepEqual(extentsOf(mask([[0, 0, 256, 128]]), FRAME).all, [0, 0, 1024, 512]);
});

test("all candidates are shown in one part of the picture, around all of them", () => {
  const part = cropAround([[400, 200, 500, 300], [400, 200, 600, 300]], [], PICTURE, 1.5);
  assert.deepEqual([part.width, part.height], [280, 280 / 1.5]);
  assert.ok(part.x <= 400 && part.x + part.width >= 600);
});

test("a candidate of the whole scene does not make the object a speck", () => {
  const whole = /** @type {[number, number, number, number]} */ ([0, 0, 1024, 512]);
  const object = /** @type {[number, number, number, number]} */ ([700, 300, 760, 340]);
  const part = cropAround([[710, 310, 750, 330], object, whole], [[705, 305, 705, 305]], PICTURE, 1.5);
  assert.ok(part.width < 300, String(part.width));
  assert.ok(part.x <= 700 && part.x + part.width >= 760 && part.y <= 300 && part.y + part.height >= 340);
});

test("without a mask the marks are shown, without any the whole picture", () => {
  assert.deepEqual(cropAround([], [], PICTURE, 2), { x: 0, y: 0, ...PICTURE });
  const at = cropAround([], [[1020, 500, 1020, 500]], PICTURE, 2);
  assert.ok(at.width > 20 && at.x + at.width <= 1024 && at.y + at.height <= 512);
});
