/** What a tool has half done belongs to the picture and the object it was begun on. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { rleOf } from "../../../../static/js/geometry/region.js";
import { drawn } from "../../geometry/pictures.js";
import { annotation } from "../../document/server.js";
import { SIZE, at, bench } from "./bench.js";

for (const id of ["select", "point", "box", "scribble", "lasso", "brush", "polygon"]) {
  test(`${id}: a stroke that is under way ends with its picture`, async () => {
    const { tools, pointing, doc, open, shown } = bench();
    tools.select(id);
    const tool = tools.active.peek();
    tool.press(at(20, 20));
    for (const x of [40, 60, 80]) tool.drag(at(x, 3 * x - 90));
    open("second");
    const { draft, trail, painting, path } = pointing;
    assert.deepEqual([draft.peek(), trail.peek(), painting.peek(), path.peek()?.places ?? []], [null, null, null, []]);
    tool.drag(at(90, 90));
    tool.release(at(90, 90));
    await Promise.resolve();
    assert.deepEqual([shown.peek(), doc.prompting.empty.peek(), doc.drafts.peek()], [[], true, null]);
    assert.equal(doc.history.canUndo.peek(), false);
  });
}

test("corners of a box and of a loop by the keyboard end with their picture", () => {
  for (const id of ["box", "lasso"]) {
    const { tools, doc, open } = bench();
    tools.select(id);
    const tool = tools.active.peek();
    tool.click(at(20, 20));
    tool.hover(at(60, 60));
    open("second");
    tool.click(at(60, 60));
    assert.equal(doc.prompting.empty.peek(), true, id);
  }
});

test("a stroke paints what it was begun on, whatever is selected meanwhile", () => {
  const { tools, objects, shown } = bench();
  const mask = (/** @type {number} */ x) => rleOf(drawn(["##", "##"], x, 10), SIZE.width, SIZE.height);
  const both = [annotation({ id: "a", ...mask(10) }), annotation({ id: "b", z: 1, ...mask(50) })];
  objects.apply(both.map((after) => ({ before: null, after })));
  objects.select("a");
  tools.select("brush");
  const tool = tools.active.peek();
  const areas = () => shown.peek().map(({ area }) => area);
  tool.press(at(100, 60));
  objects.select("b");
  tool.release(at(100, 60));
  assert.ok(areas()[0] > 4 && areas()[1] === 4, String(areas()));
  tool.press(at(150, 60));
  objects.apply([{ before: objects.find("b"), after: null }]);
  tool.release(at(150, 60));
  assert.deepEqual(shown.peek().map(({ id }) => id), ["a"]);
});
