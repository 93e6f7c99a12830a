import assert from "node:assert/strict";
import { test } from "node:test";

import { createEditor } from "../../../static/js/editor/editor.js";
import { picture, world } from "../document/opened.js";
import { INCLUDE } from "../document/prompt/desk.js";

test("another image is shown anew; news of the one that is shown move nothing", () => {
  const { blank, tell } = world();
  const doc = blank();
  const { viewport, cursor } = createEditor(doc);
  viewport.resize({ width: 432, height: 232, dpr: 1 });
  void doc.open(picture("a"));
  assert.deepEqual([viewport.picture.peek().width, viewport.view.peek().scale], [200, 2]);
  viewport.zoom(2);
  cursor.value = { x: 3, y: 4 };
  const view = viewport.view.peek();
  tell("image:changed", { image: "a", project: "default", state: "done" });
  assert.deepEqual([viewport.view.peek(), cursor.peek()], [view, { x: 3, y: 4 }]);
  void doc.open({ ...picture("b"), width: 100 });
  assert.deepEqual([viewport.picture.peek().width, viewport.view.peek().scale, cursor.peek()], [100, view.scale, null]);
});

test("the next object begins with what belongs to it", () => {
  const doc = world().blank();
  const { excluding } = createEditor(doc);
  void doc.open(picture("a"));
  doc.prompting.add(INCLUDE);
  excluding.value = true;
  doc.prompting.cancel();
  assert.equal(excluding.peek(), false);
});
