import assert from "node:assert/strict";
import { test } from "node:test";

import { rleOf } from "../../../../static/js/geometry/region.js";
import { withoutStrayPieces } from "../../../../static/js/document/objects/specks.js";

/** A block of 20 x 20 pixels, a speck of one and a piece of 2 x 4. */
function mask() {
  const data = new Uint8Array(60 * 40);
  for (let y = 0; y < 20; y++) data.fill(1, y * 60, y * 60 + 20);
  data[30 * 60 + 50] = 1;
  for (let y = 10; y < 12; y++) data.fill(1, y * 60 + 40, y * 60 + 44);
  return rleOf({ x: 0, y: 0, width: 60, height: 40, data }, 60, 40);
}

test("pieces under one percent go, larger ones stay", () => {
  assert.equal(mask().area, 409);
  const swept = withoutStrayPieces(mask(), [{ x: 5, y: 5, label: 1 }]);
  assert.equal(swept?.mask.area, 408);
  assert.deepEqual(swept?.mask.bbox, [0, 0, 44, 20]);
});

test("a piece that was asked for stays, one that was excluded does not", () => {
  assert.equal(withoutStrayPieces(mask(), [{ x: 50.5, y: 30.5, label: 1 }]), null);
  assert.equal(withoutStrayPieces(mask(), [{ x: 50.5, y: 30.5, label: 0 }])?.mask.area, 408);
});

test("what is removed is worth a word from 1 % of the mask on, together, or a ten-thousandth of the image, in one piece", () => {
  /** A block of a width, and squares beside it. @param {number} block @param {number} size  of each square @param {number} count */
  const told = (block, size, count) => {
    const data = new Uint8Array(1000 * 500);
    for (let y = 0; y < 400; y++) data.fill(1, y * 1000, y * 1000 + block);
    for (let i = 0; i < count; i++) {
      for (let y = 450; y < 450 + size; y++) data.fill(1, y * 1000 + 20 * i, y * 1000 + 20 * i + size);
    }
    const swept = withoutStrayPieces(rleOf({ x: 0, y: 0, width: 1000, height: 500, data }, 1000, 500), []);
    assert.equal(swept?.pixels, size * size * count);
    return swept?.told;
  };
  assert.equal(told(50, 5, 7), false); // 175 of 20,175 pixels
  assert.equal(told(50, 5, 9), true); // 225 of 20,225
  assert.equal(told(800, 7, 1), false); // 49 of the image's 500,000
  assert.equal(told(800, 8, 1), true);
});
