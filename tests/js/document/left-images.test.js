/** An image that one comes back to is gone on with: what was done to it can be undone, and what was being made is there. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { createLeftImages } from "../../../static/js/document/left-images.js";
import { picture, world } from "./opened.js";
import { EXCLUDE, INCLUDE } from "./prompt/desk.js";
import { LABEL, annotation, settle } from "./server.js";

async function opened() {
  const page = world();
  const doc = page.blank();
  await doc.open(picture("first"));
  const accept = async () => {
    doc.prompting.add(INCLUDE);
    await doc.accept();
    await settle();
  };
  return { ...page, doc, accept, open: (/** @type {string} */ id) => doc.open(picture(id)) };
}

test("each image has its own steps, and has them again when it is opened again", async () => {
  const { doc, accept, open, there } = await opened();
  await accept();
  await open("second");
  assert.deepEqual([doc.history.canUndo.peek(), doc.history.canRedo.peek()], [false, false]);
  await accept();
  doc.history.undo();
  await settle();
  await open("first");
  assert.equal(doc.history.undoTitle.peek(), "Accept car");
  assert.equal(doc.history.undo(), "Accept car");
  await settle();
  assert.deepEqual([...there.kept.values()], []);
  assert.deepEqual(doc.prompting.said.peek().points, [INCLUDE]);
  assert.equal(doc.history.redo(), "Accept car");
  await settle();
  assert.deepEqual([...there.kept.values()].map(({ image_id }) => image_id), ["first"]);
  await open("second");
  assert.deepEqual([doc.history.undoTitle.peek(), doc.history.redoTitle.peek()], ["Point", "Accept car"]);
});

test("what was being made is there again, also below another step", async () => {
  const { doc, accept, open, asked } = await opened();
  await accept();
  doc.prompting.add(EXCLUDE);
  await doc.prompting.settled();
  const [before] = doc.objects.all.peek();
  doc.edit("Label", [{ before, after: { ...before, label: "bus" } }]);
  await open("second");
  assert.ok(doc.prompting.empty.peek());
  const times = asked.length;
  await open("first");
  await doc.prompting.settled();
  assert.deepEqual(doc.prompting.said.peek().points, [EXCLUDE]);
  assert.ok(doc.prompting.decoded.peek());
  assert.equal(asked.length, times); // the answer was kept
  for (const title of ["Label", "Point"]) assert.equal(doc.history.undo(), title);
  assert.ok(doc.prompting.empty.peek());
});

test("what others did to an image meanwhile is not overwritten by undoing", async () => {
  const { doc, accept, open, there } = await opened();
  await accept();
  const [{ id }] = doc.objects.all.peek();
  await open("second");
  const theirs = annotation({ ...there.kept.get(id), attributes: { occluded: true }, version: 2 });
  there.kept.set(id, theirs);
  await open("first");
  assert.equal(doc.history.undo(), null);
  assert.equal(doc.refused.peek().text, "Skipped this step: car was changed or deleted elsewhere since.");
  await settle();
  assert.deepEqual(there.kept.get(id), theirs);
});

test("the steps of an image that is left follow a label's new name", async () => {
  const { doc, open, there, tell } = await opened();
  there.kept.set("a", annotation({ image_id: "first", label_id: "l" }));
  await open("first");
  doc.change({ edit: doc.removing(["a"]) });
  await settle();
  await open("second");
  there.api.labels = async () => ({ labels: [{ ...LABEL, name: "vehicle" }], version: 2 });
  tell("labels:changed", { project: "default", version: 2, merged: {} });
  await settle();
  await open("first");
  doc.history.undo();
  await settle();
  assert.equal(there.kept.get("a")?.label, "vehicle");
});

test("so many images are remembered, the latest", () => {
  const left = createLeftImages();
  const entry = { title: "Add", changes: [], draft: null };
  const making = { said: /** @type {any} */ (null), draft: null, replaced: null };
  const leave = (/** @type {string} */ id) => left.leave(id, { steps: { done: [entry], undone: [] }, making });
  for (let i = 0; i < 20; i++) leave(String(i));
  leave("0");
  leave("one more");
  assert.deepEqual(["0", "1", "2", "one more"].map((id) => left.of(id) !== null), [true, false, true, true]);
});
