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
  assert.equal(swept?.area, 408);
  assert.deepEqual(swept?.bbox, [0, 0, 44, 20]);
});

test("a piece that was asked for stays, one that was excluded does not", () => {
  assert.equal(withoutStrayPieces(mask(), [{ x: 50.5, y: 30.5, label: 1 }]), null);
  assert.equal(withoutStrayPieces(mask(), [{ x: 50.5, y: 30.5, label: 0 }])?.area, 408);
});
