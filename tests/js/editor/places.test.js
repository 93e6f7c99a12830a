import assert from "node:assert/strict";
import { test } from "node:test";

import { compressCounts } from "../../../static/js/geometry/rle.js";
import { dragHandle, handleAt, ordered, pointAt } from "../../../static/js/editor/hit.js";
import { covers, objectAt } from "../../../static/js/editor/picking.js";
import { createViewport } from "../../../static/js/editor/viewport.js";

test("a place is told from the runs of a mask, column by column", () => {
  // 3 rows x 4 columns; ones in column 1 rows 1-2 and column 2 row 0
  /** @type {import("../../../static/js/core/types.js").Rle} */
  const rle = { size: [3, 4], counts: compressCounts([4, 3, 5]) };
  const inside = [];
  for (let x = 0; x < 4; x++)
    for (let y = 0; y < 3; y++) if (covers(rle, { x: x + 0.5, y: y + 0.5 })) inside.push([x, y]);
  assert.deepEqual(inside, [
    [1, 1],
    [1, 2],
    [2, 0],
  ]);
  assert.equal(covers(rle, { x: -1, y: 0 }), false);
  assert.equal(covers(rle, { x: 4, y: 0 }), false);
});

test("of objects over each other the smallest is taken, hidden ones not", () => {
  const rle = { size: [2, 2], counts: compressCounts([0, 4]) };
  const objects = /** @type {import("../../../static/js/core/types.js").Annotation[]} */ (
    /** @type {unknown} */ ([
      { id: "large", rle, area: 9 },
      { id: "small", rle, area: 4 },
    ])
  );
  assert.equal(objectAt(objects, new Set(), { x: 1, y: 1 })?.id, "small");
  assert.equal(objectAt(objects, new Set(["small"]), { x: 1, y: 1 })?.id, "large");
});

test("a box stays in order when a handle passes its opposite", () => {
  assert.deepEqual(dragHandle([10, 10, 20, 20], "w", { x: 30, y: 0 }), [20, 10, 30, 20]);
  assert.deepEqual(dragHandle([10, 10, 20, 20], "se", { x: 5, y: 25 }), [5, 10, 10, 25]);
  assert.deepEqual(ordered({ x: 3, y: 1 }, { x: 1, y: 4 }), [1, 1, 3, 4]);
  assert.equal(handleAt([0, 0, 10, 10], { x: 10.5, y: 5 }, 1), "e");
  assert.equal(
    pointAt(
      [
        { x: 0, y: 0 },
        { x: 1, y: 0 },
      ],
      { x: 0.5, y: 0 },
      1,
    ),
    1,
  );
  assert.equal(pointAt([], { x: 0, y: 0 }, 1), -1);
});

test("zooming keeps the place under the pointer, and screen and image agree", () => {
  const viewport = createViewport();
  viewport.resize({ width: 800, height: 600, dpr: 2 });
  viewport.setPicture({ width: 4000, height: 1000 });
  const at = { x: 300, y: 310 };
  const before = viewport.toImage(at);
  viewport.zoomAt(at, 7);
  const after = viewport.toImage(at);
  assert.ok(Math.abs(before.x - after.x) < 1e-6 && Math.abs(before.y - after.y) < 1e-6);
  const back = viewport.toScreen(after);
  assert.ok(Math.abs(back.x - at.x) < 1e-9);
});

test("a picture that fits is fitted again when the window changes, one that was moved is not", () => {
  const viewport = createViewport();
  viewport.resize({ width: 1032, height: 1032, dpr: 1 });
  viewport.setPicture({ width: 2000, height: 1000 });
  assert.equal(viewport.view.peek().scale, 0.5);
  viewport.resize({ width: 532, height: 532, dpr: 1 });
  assert.equal(viewport.view.peek().scale, 0.25);
  viewport.zoom(2);
  viewport.resize({ width: 1032, height: 1032, dpr: 1 });
  assert.equal(viewport.view.peek().scale, 0.5);
});

test("the picture moves by whole device pixels, and small moves add up", () => {
  const viewport = createViewport();
  viewport.resize({ width: 800, height: 600, dpr: 1.25 });
  viewport.setPicture({ width: 4000, height: 3000 });
  viewport.zoomAt({ x: 300, y: 310 }, 7);
  const begun = viewport.view.peek();
  for (let step = 1; step <= 100; step++) {
    viewport.pan(0.37, -0.21);
    const { x, y } = viewport.view.peek();
    for (const [moved, wanted] of [[x - begun.x, 0.37 * step], [y - begun.y, -0.21 * step]]) {
      assert.ok(Math.abs(moved * 1.25 - Math.round(moved * 1.25)) < 1e-6);
      assert.ok(Math.abs(moved - wanted) <= 0.5 / 1.25 + 1e-6);
    }
  }
});
