import assert from "node:assert/strict";
import { test } from "node:test";

import { rleOf } from "../../../../static/js/geometry/region.js";
import { fillRings, ringOf } from "../../../../static/js/geometry/rings.js";
import { createOutlines } from "../../../../static/js/document/objects/outline-states.js";
import { annotation, page, server, settle } from "../server.js";

test("what is accepted is shown at once and told apart until the server has it", async () => {
  const there = server();
  const { add, objects, shown } = page(there);
  add(annotation());
  assert.equal(shown.peek().length, 1);
  assert.equal(objects.unsaved.peek().get("a")?.state, "saving");
  await settle();
  assert.equal(objects.unsaved.peek().size, 0);
  assert.equal(there.kept.size, 1);
});

test("lower objects come first, whatever the order they were made in", () => {
  const { add, change, shown } = page(server());
  add(annotation({ id: "top", z: 5 }));
  add(annotation({ id: "bottom", z: -1 }));
  assert.deepEqual(shown.peek().map(({ id }) => id), ["bottom", "top"]);
  change("bottom", { z: 9 });
  assert.deepEqual(shown.peek().map(({ id }) => id), ["top", "bottom"]);
});

test("news of one's own write, or older news, changes nothing", async () => {
  const { add, objects, shown } = page(server());
  add(annotation());
  objects.adopt(annotation({ label: "theirs", version: 5 }));
  assert.equal(shown.peek()[0].label, "car");
  await settle();
  objects.adopt(annotation({ label: "old", version: 1 }));
  assert.equal(shown.peek()[0].label, "car");
  objects.adopt(annotation({ label: "new", version: 2 }));
  assert.equal(shown.peek()[0].label, "new");
});

test("what was deleted and restored elsewhere comes back; news of the deletion that come late mean the life before", async () => {
  const there = server();
  const { objects, remove, shown } = page(there);
  objects.adopt(annotation({ version: 3 }));
  objects.drop("a", 3);
  assert.equal(shown.peek().length, 0);
  there.kept.set("a", annotation({ version: 5 }));
  objects.adopt(annotation({ version: 5 }));
  objects.drop("a", 3);
  assert.equal(shown.peek().length, 1);
  remove("a");
  await settle();
  objects.adopt(annotation({ version: 5, label: "of before" })); // told late
  assert.equal(shown.peek().length, 0);
  objects.adopt(annotation({ version: 7, label: "theirs" }));
  assert.equal(shown.peek()[0]?.label, "theirs");
});

test("that the objects of the opened image are all there is known once their list came", async () => {
  const { objects } = page(server());
  const coming = objects.load("default", "picture");
  assert.equal(objects.loaded.peek(), false);
  await coming;
  assert.equal(objects.loaded.peek(), true);
  objects.empty();
  assert.equal(objects.loaded.peek(), false);
});

test("a list that comes after another picture was opened is not shown on it", async () => {
  const there = server();
  const { objects, shown } = page(there);
  there.kept.set("a", annotation());
  const late = objects.load("default", "picture");
  objects.empty();
  await late;
  assert.equal(shown.peek().length, 0);
  await objects.load("default", "picture");
  assert.equal(shown.peek().length, 1);
});

test("a list asked for before a deletion was saved does not bring the object back", async () => {
  const there = server();
  const { objects, remove, shown } = page(there);
  there.kept.set("a", annotation());
  await objects.load("default", "picture");
  const { projectAnnotations } = there.api;
  there.api.projectAnnotations = async (...where) => {
    const list = await projectAnnotations(...where);
    await settle(); // meanwhile the deletion arrives
    return list;
  };
  remove("a");
  await objects.load("default", "picture");
  assert.deepEqual([there.kept.size, shown.peek().length], [0, 0]);
});

test("a list that is older than what was done or heard since it was asked for does not undo it", async () => {
  const there = server();
  const { add, objects, remove, shown } = page(there);
  for (const id of ["a", "b", "c"]) there.kept.set(id, annotation({ id }));
  await objects.load("default", "picture");
  const { projectAnnotations } = there.api;
  there.api.projectAnnotations = async (...where) => {
    const list = await projectAnnotations(...where);
    remove("a");
    objects.adopt(annotation({ id: "b", version: 2, label: "theirs" }));
    objects.adopt(annotation({ id: "new" }));
    objects.drop("c", 1);
    await settle(); // meanwhile the deletion arrives
    return list;
  };
  await objects.load("default", "picture");
  assert.deepEqual(shown.peek().map(({ id, label }) => [id, label]).sort(), [["b", "theirs"], ["new", "car"]]);
  there.api.projectAnnotations = async (...where) => {
    const list = await projectAnnotations(...where);
    await settle();
    add(annotation({ id: "a" })); // taken back
    await settle();
    return list;
  };
  await objects.load("default", "picture");
  assert.ok(objects.find("a"));
});

test("corners that were drawn outlive another reading of the list", async () => {
  const { add, objects, shown } = page(server());
  const triangle = ringOf([{ x: 1, y: 1 }, { x: 60, y: 7 }, { x: 20, y: 50 }]);
  add(annotation(rleOf(fillRings([triangle]), 70, 60)));
  const outlines = createOutlines();
  const { rle } = shown.peek()[0];
  outlines.keep(rle, { rings: [triangle], base: rle, tolerance: 0, iou: 1, own: true });
  await settle();
  await objects.load("default", "picture");
  assert.deepEqual(outlines.of(shown.peek()[0].rle).rings, [triangle]);
});

test("several can be selected; the one picked last is the selected one", () => {
  const { add, objects, remove } = page(server());
  for (const id of ["a", "b", "c"]) add(annotation({ id }));
  objects.select("a");
  objects.selectMore("c");
  assert.equal(objects.selected.peek()?.id, "c");
  objects.selectMore("c");
  assert.deepEqual([...objects.selectedIds.peek()], ["a"]);
  remove("a");
  assert.equal(objects.selected.peek(), null);
});

test("hidden ones, all but a solo one, and the one whose mask is made anew are concealed", () => {
  const { add, objects } = page(server());
  for (const id of ["a", "b", "c"]) add(annotation({ id }));
  objects.toggle("a");
  assert.deepEqual([...objects.concealed.peek()], ["a"]);
  objects.showOnly(["b"]);
  assert.deepEqual([...objects.concealed.peek()], ["a", "c"]);
  objects.replaced.value = "b";
  assert.equal(objects.concealed.peek().size, 3);
});
