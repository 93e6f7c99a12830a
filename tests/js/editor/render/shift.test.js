import assert from "node:assert/strict";
import { test } from "node:test";

import { cornerOf, marginOf } from "../../../../static/js/editor/render/shift.js";

/** @param {number} x @param {number} y @param {number} [scale] @param {number} [width] */
const view = (x, y, scale = 2, width = 800) => ({
  matrix: /** @type {import("../../../../static/js/geometry/turns.js").Matrix} */ ([scale, 0, 0, scale, x, y]),
  width,
  height: 600,
});

test("a layer is moved by whole pixels as far as it reaches", () => {
  assert.equal(marginOf(2), 192);
  assert.deepEqual(cornerOf(view(10, 20), view(10, 20), 1), { x: -96, y: -96 });
  assert.deepEqual(cornerOf(view(10, 20), view(17, -30), 1), { x: -89, y: -146 });
  assert.equal(cornerOf(view(10, 20), view(107, 20), 1), null);
});

test("it is drawn anew for another zoom, another stage, and a fraction of a pixel", () => {
  assert.equal(cornerOf(null, view(10, 20), 1), null);
  assert.equal(cornerOf(view(10, 20), view(10, 20, 2.1), 1), null);
  assert.equal(cornerOf(view(10, 20), view(10, 20, 2, 801), 1), null);
  assert.equal(cornerOf(view(10, 20), view(10.5, 20), 1), null);
});
