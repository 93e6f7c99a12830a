/** Proposals that are not wanted: steps of the history, which other steps leave alone. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { picture, world } from "../opened.js";

test("dropping is undone and done again, between other steps", () => {
  const doc = world().blank();
  void doc.open(picture("first"));
  doc.drop("Drop 1 proposal", ["a"]);
  const mask = { rle: { size: /** @type {[number, number]} */ ([480, 640]), counts: "0<" }, area: 4, bbox: /** @type {[number, number, number, number]} */ ([0, 0, 2, 2]) };
  assert.ok(doc.edit("Accept", [{ before: null, after: doc.newAnnotation(mask) }], { finishes: true }));
  assert.deepEqual(doc.dropped.peek(), ["a"], "what ends a prompt drops nothing and restores nothing");
  doc.drop("Drop 2 proposals", ["b", "c"]);
  assert.deepEqual(doc.dropped.peek(), ["a", "b", "c"]);
  assert.equal(doc.history.undo(), "Drop 2 proposals");
  assert.deepEqual(doc.dropped.peek(), ["a"]);
  doc.history.undo();
  assert.deepEqual([doc.dropped.peek(), doc.objects.all.peek().length], [["a"], 0]);
  doc.history.undo();
  assert.deepEqual(doc.dropped.peek(), []);
  for (let i = 0; i < 3; i++) doc.history.redo();
  assert.deepEqual([doc.dropped.peek(), doc.objects.all.peek().length], [["a", "b", "c"], 1]);
});

test("each image has its own, also when it is opened again", () => {
  const doc = world().blank();
  void doc.open(picture("first"));
  doc.drop("Drop 1 proposal", ["a"]);
  void doc.open(picture("second"));
  assert.deepEqual(doc.dropped.peek(), []);
  void doc.open(picture("first"));
  assert.deepEqual(doc.dropped.peek(), ["a"]);
});
