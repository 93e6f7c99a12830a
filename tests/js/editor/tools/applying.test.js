import assert from "node:assert/strict";
import { test } from "node:test";

import { applyRegion } from "../../../../static/js/editor/tools/applying.js";
import { bench } from "./bench.js";

/** @param {number} x @param {number} size */
const square = (x, size) => ({ x, y: 0, width: size, height: size, data: new Uint8Array(size * size).fill(1) });

test("an object that is not added, since all of it is locked, is not selected either", () => {
  const { doc, editor, objects } = bench();
  applyRegion(editor, square(0, 6), { title: "Brush", object: null, erases: false });
  const first = objects.selectedId.peek();
  assert.ok(first);
  objects.lock(first);
  doc.noOverlap.value = true;
  applyRegion(editor, square(1, 3), { title: "Brush", object: null, erases: false });
  assert.deepEqual([objects.selectedId.peek(), doc.history.undoTitle.peek()], [first, "Brush"]);
  assert.match(doc.said.peek(), /lies entirely inside locked objects/);
});
