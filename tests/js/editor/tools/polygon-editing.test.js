import assert from "node:assert/strict";
import { test } from "node:test";

import { rleOf } from "../../../../static/js/geometry/region.js";
import { fillRings, ringOf } from "../../../../static/js/geometry/rings.js";
import { annotation } from "../../document/server.js";
import { SIZE, at, bench } from "./bench.js";

/** @param {number} left @param {number} right */
function box(left, right) {
  const ring = ringOf([{ x: left, y: 10 }, { x: right, y: 10 }, { x: right, y: 50 }, { x: left, y: 50 }]);
  return rleOf(fillRings([ring]), SIZE.width, SIZE.height);
}

/** Two boxes, the first one selected, the polygon tool in hand. */
function start() {
  const made = bench();
  made.objects.apply(
    [annotation({ id: "a", ...box(10, 60) }), annotation({ id: "b", z: 1, ...box(100, 160) })].map((after) => ({ before: null, after })),
  );
  made.objects.select("a");
  made.tools.select("polygon");
  const corners = () => made.pointing.path.peek()?.rings.map((ring) => ring.length / 2);
  const drag = (/** @type {[number, number]} */ from, /** @type {[number, number]} */ to) => {
    const tool = made.tools.active.peek();
    tool.press(at(...from));
    tool.drag(at(...to));
    tool.release(at(...to));
  };
  return { ...made, tool: made.tools.active.peek(), corners, drag, masks: () => made.shown.peek().map(({ rle }) => rle.counts) };
}

test("a corner held by the keyboard stays its object's when another is selected", () => {
  const { tool, objects, masks, pointing, history, doc } = start();
  const before = masks();
  tool.click(at(10, 10));
  tool.hover(at(30, 30));
  objects.select("b");
  assert.equal(pointing.path.peek()?.rings[0][0], 100);
  tool.click(at(30, 30));
  assert.deepEqual(masks(), before);
  assert.deepEqual([history.undoTitle.peek(), doc.drafts.peek()?.points], ["Add polygon point", [{ x: 30, y: 30 }]]);
});

test("a corner that is held is let go where it was when its mask changes, its object is locked, or the tool laid down", () => {
  for (const happens of ["undo", "lock", "tool"]) {
    const { tool, tools, objects, drag, masks, history, doc } = start();
    drag([60, 50], [70, 60]);
    tool.click(at(10, 10));
    tool.hover(at(30, 30));
    if (happens === "undo") history.undo();
    else if (happens === "lock") objects.lock("a");
    else for (const id of ["brush", "polygon"]) tools.select(id);
    const now = masks();
    tool.release(at(30, 30));
    assert.deepEqual(masks(), now, happens);
    assert.equal(doc.drafts.peek(), null);
  }
});

test("on another picture nothing of a corner that was held is left", () => {
  const { tool, open, pointing, shown } = start();
  tool.click(at(10, 10));
  tool.hover(at(30, 30));
  open("second");
  assert.deepEqual([pointing.path.peek()?.rings, pointing.path.peek()?.hovered], [[], null]);
  tool.release(at(30, 30));
  assert.deepEqual(shown.peek(), []);
});

test("of another object no corner is picked", () => {
  const { tool, objects, masks } = start();
  tool.press(at(10, 10));
  tool.release(at(10, 10));
  assert.equal(tool.takingBack?.able.value, true);
  objects.select("b");
  assert.equal(tool.takingBack?.able.value, false);
  tool.takingBack?.perform();
  assert.equal(masks().length, 2);
});

test("a corner added where the outline runs is a step of its own, and undone as one", () => {
  const { tool, corners, drag, history, masks } = start();
  drag([60, 50], [70, 60]);
  const before = masks();
  tool.press(at(30, 10));
  tool.release(at(30, 10));
  assert.deepEqual([corners(), masks(), history.undoTitle.peek()], [[5], before, "Add point"]);
  history.undo();
  assert.deepEqual([corners(), masks(), history.undoTitle.peek()], [[4], before, "Move point"]);
  history.redo();
  assert.deepEqual(corners(), [5]);
  drag([30, 10], [30, 20]);
  history.undo();
  assert.deepEqual([corners(), masks()], [[5], before]);
  history.undo();
  history.undo();
  assert.deepEqual([corners(), history.canUndo.peek()], [[4], false]);
});

test("a corner that is taken hold of and not moved is no step", () => {
  const { tool, history } = start();
  tool.press(at(10, 10));
  tool.release(at(10, 10));
  assert.equal(history.canUndo.peek(), false);
});
