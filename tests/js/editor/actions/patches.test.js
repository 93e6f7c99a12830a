/** Actions tell what they change and leave it to the document, whose history keeps what takes it back. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { action, ACTIONS } from "../../../../static/js/editor/actions/index.js";
import { run } from "../../../../static/js/editor/actions/action.js";
import { rleOf } from "../../../../static/js/geometry/region.js";
import { annotation } from "../../document/server.js";
import { drawn } from "../../geometry/pictures.js";
import { SIZE, bench } from "../tools/bench.js";

/** @typedef {import("../../../../static/js/editor/actions/action.js").App} App */

/** @param {string} id @param {string[]} rows @param {number} z */
const object = (id, rows, z) => annotation({ id, z, image_id: "first", ...rleOf(drawn(rows, 10, 10), SIZE.width, SIZE.height) });
const RING = ["#####", "#   #", "#   #", "#####", "     ", "  #  "]; // with a hole, and a speck
const BLOCK = ["   ##", "   ##"];

/** A ring below a block, both selected unless told otherwise. @param {readonly string[]} [selected] */
function page(selected = ["ring", "block"]) {
  const made = bench();
  const { doc, editor, tools } = made;
  doc.objects.apply([object("ring", RING, 0), object("block", BLOCK, 1)].map((after) => ({ before: null, after })));
  doc.change({ selected });
  return { ...made, app: /** @type {App} */ (/** @type {unknown} */ ({ doc, editor, tools })) };
}

/** All that a patch could change of a document. @param {App} app */
const standing = ({ doc: { objects, labels, history, said } }) => ({
  all: objects.all.peek(),
  sets: [objects.selectedIds, objects.hidden, objects.locked, objects.solo].map((set) => [...set.peek()]),
  label: labels.active.peek().name,
  undo: history.undoTitle.peek(),
  said: said.peek(),
});

const CHANGING = /** @type {const} */ ([
  ["delete-object", ["ring", "block"]],
  ["merge-objects", ["ring", "block"]],
  ["subtract-objects", ["ring", "block"]],
  ["split-object", ["ring"]],
  ["fill-holes", ["ring"]],
  ["remove-specks", ["ring"]],
  ["duplicate-objects", ["ring"]],
  ["bring-to-front", ["ring"]],
  ["send-backward", ["block"]],
  ["label-1", ["ring"]],
]);

for (const [id, selected] of CHANGING) {
  test(`${id}: what it changes is returned, made as one step, and undone`, async () => {
    const { app, doc, history } = page(selected);
    if (id === "label-1") doc.labels.add("bus"); // the first of two; the objects have neither
    const { enabled, perform } = action(id);
    assert.ok(enabled(app));
    const before = standing(app);
    const patch = perform(app);
    assert.deepEqual(standing(app), before, "nothing is done yet");
    assert.ok(patch?.edit?.changes.length);
    run(action(id), app);
    const after = doc.objects.all.peek();
    assert.notDeepEqual(after, before.all);
    assert.equal(history.undo(), patch.edit.title);
    const same = (/** @type {readonly import("../../document/server.js").Annotation[]} */ list) => list.map(({ version: _, ...each }) => each);
    assert.deepEqual(same(doc.objects.all.peek()), same(before.all));
    history.redo();
    assert.equal(doc.objects.all.peek().length, after.length);
  });
}

test("what is shown and locked is returned too, and is no step of the history", () => {
  for (const id of ["hide-object", "hide-all", "solo-object", "lock-object", "lock-others", "next-object", "select-all"]) {
    const { app, history } = page(["ring"]);
    const before = standing(app);
    const patch = action(id).perform(app);
    assert.deepEqual(standing(app), before, id);
    assert.ok(patch && !patch.edit && patch.say, id);
    run(action(id), app);
    assert.notDeepEqual(standing(app), before, id);
    assert.equal(history.canUndo.peek(), false, id);
  }
});

test("where nothing of an edit can be made, what would follow it is not done either", () => {
  const { app, doc } = page();
  doc.change({ locked: ["ring", "block"] });
  doc.change({ edit: doc.removing(["ring"]), selected: [], say: "Done." });
  assert.deepEqual([doc.objects.all.peek().length, [...doc.objects.selectedIds.peek()]], [2, ["ring", "block"]]);
  assert.equal(doc.said.peek(), "Locked objects can't be changed.");
  doc.change({ refuse: "No." });
  assert.equal(doc.refused.peek().text, "No.");
  assert.equal(standing(app).undo, "");
});

test("every action is one record, whose name is its own", () => {
  assert.equal(new Set(ACTIONS.map(({ id }) => id)).size, ACTIONS.length);
  assert.throws(() => action("none"), /No action none; there are finish-shape/);
});
