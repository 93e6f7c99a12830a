/** Two images of a project open at once: what is done to one is no business of the other. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { createEditor } from "../../../static/js/editor/editor.js";
import { createStageTools } from "../../../static/js/editor/tools/index.js";
import { at } from "../editor/tools/bench.js";
import { picture, world } from "./opened.js";
import { EXCLUDE, INCLUDE, OTHER } from "./prompt/desk.js";
import { annotation, settle } from "./server.js";

async function two() {
  const page = world();
  const [left, right] = [page.blank(), page.blank()];
  await Promise.all([left.open(picture("left")), right.open(picture("right"))]);
  return { ...page, left, right };
}

/** All that a document holds, as a value. @param {import("../../../static/js/document/document.js").Document} doc */
const standing = (doc) => ({
  image: doc.image.peek()?.id,
  said: doc.prompting.said.peek(),
  decoded: doc.prompting.decoded.peek(),
  objects: doc.objects.all.peek(),
  selected: [...doc.objects.selectedIds.peek()],
  undo: [doc.history.undoTitle.peek(), doc.history.redoTitle.peek()],
  label: doc.labels.active.peek().name,
  draft: doc.drafts.peek(),
  aloud: doc.said.peek(),
  saving: doc.outbox.summary.peek(),
});

/** @param {string} id @param {string} image */
const made = (id, image) => annotation({ id, image_id: image });

test("what is said of one is decoded on its image, and undone there alone", async () => {
  const { left, right, asked } = await two();
  const untouched = standing(right);
  left.prompting.add(INCLUDE);
  left.prompting.add(EXCLUDE);
  left.prompting.choose(2);
  await left.prompting.settled();
  assert.deepEqual(asked, ["left", "left"]);
  assert.deepEqual(standing(right), untouched);

  right.prompting.add(EXCLUDE);
  await right.prompting.settled();
  assert.deepEqual(asked, ["left", "left", "right"]);
  const busy = standing(left);
  assert.equal(right.history.undo(), "Point");
  assert.equal(right.history.undo(), null);
  assert.deepEqual(standing(left), busy);
  assert.equal(left.prompting.prompt.peek().points.length, 2);
});

test("objects, their history and their labels are each document's own, and reach the server as such", async () => {
  const { left, right, there } = await two();
  const untouched = standing(right);
  left.prompting.add(INCLUDE);
  const accepted = await left.accept();
  left.change({ edit: { title: "Add", changes: [{ before: null, after: made("a", "left") }] }, selected: ["a"], label: "car", say: "Added." });
  left.objects.lock("a");
  left.noOverlap.value = true;
  left.draft("Vertex", { tool: "polygon", points: [{ x: 1, y: 2 }] });
  await settle();
  assert.deepEqual(standing(right), untouched);
  assert.deepEqual([right.objects.locked.peek().size, right.noOverlap.peek()], [0, false]);
  assert.deepEqual([...there.kept.values()].map(({ id, image_id }) => [id, image_id]), [[accepted?.id, "left"], ["a", "left"]]);

  right.change({ edit: { title: "Add", changes: [{ before: null, after: made("b", "right") }] } });
  right.history.undo();
  right.history.redo();
  await settle();
  assert.equal(there.kept.get("b")?.image_id, "right");
  assert.deepEqual(left.objects.all.peek().map(({ id }) => id).sort(), [accepted?.id ?? "", "a"].sort());
  assert.equal(left.history.undoTitle.peek(), "Vertex");
});

test("what one cannot send waits in its own outbox; the other's goes out", async () => {
  const { left, right, there } = await two();
  there.state.broken = "a";
  left.change({ edit: { title: "Add", changes: [{ before: null, after: made("a", "left") }] } });
  right.change({ edit: { title: "Add", changes: [{ before: null, after: made("b", "right") }] } });
  await settle();
  assert.deepEqual([...there.kept.keys()], ["b"]);
  assert.deepEqual([left.outbox.summary.peek().state, right.outbox.summary.peek().state], ["failed", "saved"]);
  assert.deepEqual([left.outbox.waiting.peek().map(({ of }) => of), right.outbox.waiting.peek()], [["a"], []]);
  there.state.broken = "";
  left.outbox.retry();
  await settle();
  assert.deepEqual([...there.kept.keys()], ["b", "a"]);
});

test("news of an image are heard by the document it is open in", async () => {
  const { left, right, tell } = await two();
  tell("annotation:changed", { image: "left", project: "default", annotation: made("a", "left") });
  tell("image:changed", { image: "right", project: "default", state: "done" });
  assert.deepEqual([left.objects.all.peek().length, right.objects.all.peek().length], [1, 0]);
  assert.deepEqual([left.image.peek()?.state, right.image.peek()?.state], [undefined, "done"]);
  tell("annotation:deleted", { image: "right", project: "default", id: "a", version: 9 });
  assert.equal(left.objects.all.peek().length, 1);
});

test("another segmenter decodes again what is said in each", async () => {
  const { left, right, asked, segmenters } = await two();
  for (const doc of [left, right]) doc.prompting.add(INCLUDE);
  await Promise.all([left.prompting.settled(), right.prompting.settled()]);
  segmenters.value = { ...segmenters.peek(), inUse: OTHER };
  await Promise.all([left.prompting.settled(), right.prompting.settled()]);
  assert.deepEqual(asked, ["left", "right", "left", "right"]);
  for (const doc of [left, right]) assert.equal(doc.prompting.decoded.peek()?.segmenter, OTHER);
});

test("two editors have a view, a brush and a tool each", async () => {
  const { left, right } = await two();
  const [one, other] = [left, right].map((doc) => {
    const editor = createEditor(doc);
    return { editor, ...createStageTools(editor) };
  });
  const view = other.editor.viewport.view.peek();
  one.tools.select("brush");
  one.editor.brush.set(30);
  one.editor.viewport.zoom(3);
  one.editor.cursor.value = { x: 1, y: 1 };
  const tool = one.tools.active.peek();
  tool.press(at(20, 20));
  tool.drag(at(60, 20));
  tool.release(at(60, 20));
  await settle();
  assert.equal(left.objects.all.peek().length, 1);
  assert.deepEqual([right.objects.all.peek(), other.pointing.painting.peek(), other.editor.cursor.peek()], [[], null, null]);
  assert.deepEqual([other.tools.active.peek().id, other.editor.brush.size.peek(), other.editor.viewport.view.peek()], ["point", 0, view]);
});

test("one that is closed hears nothing any more, and what it could not send is sent by the other", async () => {
  const { left, right, there, tell, listening } = await two();
  const heard = listening();
  there.state.reachable = false;
  left.change({ edit: { title: "Add", changes: [{ before: null, after: made("a", "left") }] } });
  await settle();
  left.close();
  await settle();
  assert.equal(listening(), heard / 2);
  tell("annotation:changed", { image: "left", project: "default", annotation: made("b", "left") });
  assert.deepEqual(left.objects.all.peek().map(({ id }) => id), ["a"]);
  there.state.reachable = true;
  tell("connect", {}); // the other looks what was left behind
  await settle();
  await settle();
  assert.deepEqual([[...there.kept.keys()], right.objects.all.peek()], [["a"], []]);
});
