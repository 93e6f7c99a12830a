/** Who tries does all that an annotator does, and the server hears of none of it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { picture, world } from "./opened.js";
import { INCLUDE } from "./prompt/desk.js";
import { annotation, settle } from "./server.js";

const project = { id: "default", role: "viewer", settings: { require_attributes: false }, guidelines: "" };

async function tried() {
  const page = world();
  page.there.kept.set("theirs", annotation({ id: "theirs", image_id: "left" }));
  const doc = page.blank({ project, trying: true });
  await doc.open(picture("left"));
  return { ...page, doc };
}

/** @param {import("../../../static/js/document/document.js").Document} doc */
const ids = (doc) => doc.objects.all.peek().map(({ id }) => id);

test("masks are accepted, changed, deleted and undone, and none is sent", async () => {
  const { doc, there, here } = await tried();
  assert.deepEqual([doc.saves, doc.readOnly], [false, false]);
  doc.prompting.add(INCLUDE);
  const made = await doc.accept();
  assert.ok(made);
  doc.edit("Delete", [{ before: doc.objects.find("theirs"), after: null }]);
  assert.deepEqual(ids(doc), [made.id]);
  doc.history.undo();
  await settle();
  assert.deepEqual(ids(doc).sort(), [made.id, "theirs"].sort());
  assert.deepEqual([there.calls, here.stored.size], [["list"], 0]);
  assert.deepEqual([[...there.kept.keys()], doc.objects.unsaved.peek().size, doc.losing.peek()], [["theirs"], 0, false]);
});

test("what was tried is there again on an image that one comes back to", async () => {
  const { doc } = await tried();
  doc.prompting.add(INCLUDE);
  const made = await doc.accept();
  await doc.open(picture("right"));
  assert.deepEqual(ids(doc), []);
  await doc.open(picture("left"));
  assert.deepEqual(ids(doc).sort(), [made?.id, "theirs"].sort());
});

test("who may only look changes nothing", async () => {
  const page = world();
  const doc = page.blank({ project });
  await doc.open(picture("left"));
  assert.deepEqual([doc.saves, doc.readOnly], [false, true]);
});
