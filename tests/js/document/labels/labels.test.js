import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../../static/js/core/errors.js";
import { signal } from "../../../../static/js/core/signals.js";
import { createLabels } from "../../../../static/js/document/labels/labels.js";
import { annotation, settle } from "../server.js";

/** @typedef {import("../../../../static/js/core/types.js").LabelClass} Label */

/** A project's labels on the server. @param {Array<Partial<Label> & {name: string}>} [first] */
function project(first = []) {
  const made = (/** @type {Partial<Label> & {name: string}} */ label, /** @type {number} */ i) => ({
    ...{ id: `id-${label.name}`, color: "#000000", key: String(i + 1), description: "", group: "", attributes: [] },
    ...label,
  });
  const list = { labels: /** @type {Array<Label & {replaces?: string[]}>} */ (first.map(made)), version: 1 };
  /** @type {Array<typeof list.labels>} */
  const written = [];
  const state = { reachable: true, others: /** @type {null|(() => void)} */ (null), refuse: false };
  const guard = () => {
    if (!state.reachable) throw new ApiError("unreachable", "Can't reach the server.", "", 0);
  };
  const api = {
    async labels() {
      guard();
      return structuredClone(list);
    },
    async replaceLabels(/** @type {string} */ _id, /** @type {typeof list} */ next) {
      guard();
      state.others?.(); // somebody else is quicker
      state.others = null;
      if (state.refuse) throw new ApiError("conflict", "3 objects carry it.", "", 409);
      if (next.version !== list.version)
        throw new ApiError("version_conflict", "Changed meanwhile.", "", 409, { current: structuredClone(list) });
      written.push(next.labels);
      list.labels = next.labels.map(({ replaces: _, ...label }) => ({ ...label, id: label.id ?? `id-${label.name}` }));
      list.version += 1;
      return structuredClone(list);
    },
  };
  const shown = signal(/** @type {import("../server.js").Annotation[]} */ ([]));
  const parts = { annotations: shown, project: { peek: () => ({ id: "default" }) }, idle: async () => {} };
  const labels = createLabels({
    api: /** @type {import("../../../../static/js/net/api.js").Api} */ (/** @type {unknown} */ (api)),
    ...parts,
  });
  return { list, written, state, labels, shown, api };
}

test("the project's labels are read; one that is typed is shown at once, written, and has the first free key", async () => {
  const { labels, list } = project([{ name: "car", key: "1" }, { name: "bus", key: "3" }]);
  await labels.load();
  labels.add("bike");
  assert.deepEqual(labels.all.peek().map(({ name }) => name), ["car", "bus", "bike"]);
  assert.equal(labels.active.peek().name, "bike");
  assert.equal(labels.unsaved.peek(), true);
  await settle();
  assert.deepEqual(list.labels.map(({ name, key }) => [name, key]), [["car", "1"], ["bus", "3"], ["bike", "2"]]);
  assert.equal(labels.unsaved.peek(), false);
  assert.equal(labels.keyed.peek().get("2")?.name, "bike");
});

test("a project without labels, and objects with others, have labels to work with", () => {
  const { labels, shown } = project();
  assert.deepEqual(labels.all.peek().map(({ name }) => name), ["object"]);
  shown.value = [annotation({ label: "van", color: "#123456" })];
  assert.deepEqual(labels.all.peek().map(({ name, color }) => [name, color]), [["van", "#123456"]]);
  assert.equal(labels.keyed.peek().get("1")?.name, "van");
});

test("what somebody else changed meanwhile stays: the change is made on their list", async () => {
  const { labels, list, state } = project([{ name: "car" }]);
  await labels.load();
  state.others = () => {
    list.labels.push({ ...list.labels[0], id: "id-tram", name: "tram", key: "9" });
    list.version += 1;
  };
  await labels.change("car", { color: "#ffffff" });
  assert.deepEqual(list.labels.map(({ name, color }) => [name, color]), [["car", "#ffffff"], ["tram", "#000000"]]);
  assert.deepEqual(labels.all.peek().map(({ name }) => name), ["car", "tram"]);
});

test("a name that another label has merges the two; the server is told which is replaced", async () => {
  const { labels, list, written } = project([{ name: "car" }, { name: "auto" }]);
  await labels.load();
  labels.select("auto");
  await labels.change("auto", { name: "car" });
  assert.deepEqual(written[0].map(({ name, replaces }) => [name, replaces]), [["car", ["id-auto"]]]);
  assert.equal(list.labels.length, 1);
  assert.equal(labels.active.peek().name, "car");
});

test("offline, changes are shown and written later; what is refused is taken back and says why", async () => {
  const { labels, list, state } = project([{ name: "car" }, { name: "bus" }]);
  await labels.load();
  state.reachable = false;
  await labels.change("car", { name: "auto" });
  labels.add("bike");
  assert.deepEqual(labels.all.peek().map(({ name }) => name), ["auto", "bus", "bike"]);
  assert.match(labels.failure.peek()?.message ?? "", /reach the server/);
  state.reachable = true;
  await labels.load();
  assert.deepEqual(list.labels.map(({ name }) => name), ["auto", "bus", "bike"]);
  state.refuse = true;
  labels.forget("bus");
  await settle();
  assert.deepEqual(labels.all.peek().map(({ name }) => name), ["auto", "bus", "bike"]);
  assert.equal(labels.failure.peek()?.message, "3 objects carry it.");
});

test("a label typed while a refusal is looked into is written too, and the refusal stays on show", async () => {
  const { labels, list, state, api } = project([{ name: "car" }]);
  await labels.load();
  state.refuse = true;
  const read = api.labels;
  let reads = 0;
  api.labels = async () => {
    reads += 1;
    if (reads === 2) {
      state.refuse = false;
      labels.add("bike"); // while the list is read again after the refusal
    }
    return read();
  };
  labels.forget("car");
  await settle();
  assert.deepEqual(list.labels.map(({ name }) => name), ["car", "bike"]);
  assert.deepEqual(labels.all.peek().map(({ name }) => name), ["car", "bike"]);
  assert.equal(labels.unsaved.peek(), false);
  assert.equal(labels.failure.peek()?.message, "3 objects carry it.");
});
