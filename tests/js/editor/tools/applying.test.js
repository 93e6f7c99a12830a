import assert from "node:assert/strict";
import { test } from "node:test";

import { applyRegion } from "../../../../static/js/editor/tools/applying.js";
import { bench } from "./bench.js";

/** @param {number} x @param {number} size */
const square = (x, size) => ({ x, y: 0, width: size, height: size, data: new Uint8Array(size * size).fill(1) });

test("an object that is not added, since all of it is locked, is not selected either", () => {
  const { session, objects } = bench();
  const room = /** @type {any} */ (session);
  applyRegion(room, square(0, 6), { title: "Brush", object: null, erases: false });
  const first = objects.selectedId.peek();
  assert.ok(first);
  objects.lock(first);
  session.noOverlap.value = true;
  applyRegion(room, square(1, 3), { title: "Brush", object: null, erases: false });
  assert.deepEqual([objects.selectedId.peek(), session.history.undoTitle.peek()], [first, "Brush"]);
  assert.match(session.said.peek(), /lies entirely inside locked objects/);
});
