/** Objects refer to labels by id: a label that somebody renames, recolours or merges is followed, and is no change of theirs. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../../static/js/core/errors.js";
import { agrees, clashes } from "../../../../static/js/document/sync/changes.js";
import { picture, world } from "../opened.js";
import { LABEL, annotation, settle } from "../server.js";

const RENAMED = { ...LABEL, name: "vehicle", color: "#0f5a5a" };
const labelled = (/** @type {import("../server.js").Annotation} */ { label_id, label, color }) => [label_id, label, color];

test("objects, also those that wait, follow a label that is renamed elsewhere", async () => {
  const page = world();
  const { there } = page;
  there.kept.set("a", annotation({ image_id: "left", label_id: "l" }));
  const doc = page.blank();
  await doc.open(picture("left"));
  there.state.reachable = false;
  const added = annotation({ id: "b", image_id: "left", label_id: "l", version: 0 });
  doc.edit("Add", [{ before: null, after: added }]);
  await settle();
  there.api.labels = async () => ({ labels: [RENAMED], version: 2 });
  page.tell("labels:changed", { project: "elsewhere", merged: {} });
  await settle();
  assert.equal(doc.objects.find("a")?.label, "car");
  page.tell("labels:changed", { project: "default", version: 2, merged: {} });
  await settle();
  for (const id of ["a", "b"]) {
    const shown = doc.objects.find(id);
    assert.deepEqual(shown && labelled(shown), ["l", "vehicle", "#0f5a5a"]);
    assert.equal(shown?.version, 1);
  }
  there.state.reachable = true;
  doc.outbox.retry();
  await settle();
  assert.equal(there.kept.get("b")?.label, "vehicle");
  doc.history.undo();
  await settle();
  assert.deepEqual([...there.kept.keys()], ["a"]);
  doc.close();
});

test("objects are read anew when their labels became one", async () => {
  const page = world();
  const { there } = page;
  there.kept.set("a", annotation({ image_id: "left", label_id: "l" }));
  const doc = page.blank();
  await doc.open(picture("left"));
  there.kept.set("a", annotation({ image_id: "left", label_id: "m", label: "bus", version: 2 }));
  page.tell("labels:changed", { project: "default", version: 2, merged: { l: "m" } });
  await settle();
  const shown = doc.objects.find("a");
  assert.deepEqual([shown?.label_id, shown?.label, shown?.version], ["m", "bus", 2]);
  doc.close();
});

test("the label in use stays in use, renamed or merged, and what is undone later has it too", async () => {
  const page = world();
  const { there } = page;
  const other = { ...LABEL, id: "o", name: "dog", key: "2" };
  there.api.labels = async () => ({ labels: [other, LABEL], version: 1 });
  there.kept.set("a", annotation({ image_id: "left", label_id: "l" }));
  const doc = page.blank();
  await doc.open(picture("left"));
  doc.labels.select("car");
  doc.change({ edit: doc.removing(["a"]) });
  await settle();
  there.api.labels = async () => ({ labels: [other, RENAMED], version: 2 });
  page.tell("labels:changed", { project: "default", version: 2, merged: {} });
  await settle();
  assert.equal(doc.labels.active.peek().name, "vehicle");
  const bus = { ...LABEL, id: "m", name: "bus" };
  there.api.labels = async () => ({ labels: [other, bus], version: 3 });
  page.tell("labels:changed", { project: "default", version: 3, merged: { l: "m" } });
  await settle();
  assert.equal(doc.labels.active.peek().name, "bus");
  doc.history.undo();
  await settle();
  const back = there.kept.get("a");
  assert.deepEqual(back && labelled(back).slice(0, 2), ["m", "bus"]);
  doc.close();
});

test("a list that was read earlier and comes later is not shown", async () => {
  const page = world();
  const doc = page.blank();
  await settle();
  let late = (/** @type {any} */ _list) => {};
  page.there.api.labels = () => new Promise((resolve) => (late = resolve));
  page.tell("labels:changed", { project: "default", version: 2, merged: {} });
  const first = late;
  page.there.api.labels = async () => ({ labels: [RENAMED], version: 3 });
  page.tell("labels:changed", { project: "default", version: 3, merged: {} });
  await settle();
  first({ labels: [LABEL], version: 2 });
  await settle();
  assert.deepEqual(doc.labels.all.peek().map(({ name }) => name), ["vehicle"]);
  doc.close();
});

test("a rename that is refused is taken back", async () => {
  const page = world();
  const { there } = page;
  there.kept.set("a", annotation({ image_id: "left", label_id: "l" }));
  there.api.replaceLabels = async () => {
    throw new ApiError("invalid_project", "No.", "", 400);
  };
  const doc = page.blank();
  await doc.open(picture("left"));
  doc.changeLabel("car", { name: "auto" });
  assert.equal(doc.objects.find("a")?.label, "auto");
  await settle();
  assert.equal(doc.objects.find("a")?.label, "car");
  doc.close();
});

test("a label renamed elsewhere does not clash with another label given here", () => {
  const before = { label_id: "l", label: "car", color: "#e69f00" };
  const after = { label_id: "m", label: "bus", color: "#ffffff" };
  assert.deepEqual(clashes(before, after, annotation({ label_id: "l", label: "vehicle", color: "#0f5a5a" })), []);
  assert.deepEqual(clashes(before, after, annotation({ label_id: "n", label: "tram", color: "#000000" })), ["label_id", "label", "color"]);
});

test("a label that the server did not have yet is the one of that name", () => {
  const typed = { label_id: null, label: "bus", color: "#ffffff" };
  assert.ok(agrees(typed, annotation({ label_id: "m", label: "bus", color: "#ffffff" })));
  assert.ok(!agrees(typed, annotation({ label_id: "m", label: "car", color: "#ffffff" })));
  const before = { label_id: null, label: "car", color: "#e69f00" };
  assert.deepEqual(clashes(before, typed, annotation({ label_id: "l" })), []);
});
