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
  const state = { reachable: true, others: /** @type {null|(() => void)} */ (null), refuse: false, uses: /** @type {Record<string, number>} */ ({}) };
  const guard = () => {
    if (!state.reachable) throw new ApiError("unreachable", "Can't reach the server.", "", 0);
  };
  const api = {
    async labels() {
      guard();
      return structuredClone(list);
    },
    async labelUses() {
      guard();
      return state.uses;
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
  assert.deepEqual([labels.failure.peek()?.state, labels.waiting.peek()], ["kept", 2]); // it is no failure
  state.reachable = true;
  await labels.load();
  assert.deepEqual(list.labels.map(({ name }) => name), ["auto", "bus", "bike"]);
  state.refuse = true;
  labels.forget("bus");
  await settle();
  assert.deepEqual(labels.all.peek().map(({ name }) => name), ["auto", "bus", "bike"]);
  assert.deepEqual([labels.failure.peek()?.state, labels.failure.peek()?.message], ["refused", "3 objects carry it."]);
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

test("a label that objects of other images have is not removed, which is told with their number", async () => {
  const { labels, written, state } = project([{ name: "car" }, { name: "bus" }]);
  await labels.load();
  state.uses = { "id-bus": 3 };
  await labels.forget("bus");
  assert.deepEqual([written, labels.all.peek().length, labels.failure.peek()?.state], [[], 2, "refused"]);
  assert.match(labels.failure.peek()?.message ?? "", /^bus stays: 3 objects have it, counting all images/);
  labels.failure.peek()?.retry();
  await settle();
  assert.equal(labels.failure.peek(), null);
  state.reachable = false;
  await labels.forget("car");
  assert.deepEqual([labels.all.peek().length, labels.unsaved.peek()], [2, false]);
  assert.match(labels.failure.peek()?.message ?? "", /^Only the server knows whether other images use car/);
  state.reachable = true;
  await labels.forget("car");
  assert.deepEqual(written.map((list) => list.map(({ name }) => name)), [["bus"]]);
});

test("digits that number the labels go on doing so after a merge or a removal; chosen keys stay", async () => {
  const keys = (/** @type {ReturnType<typeof project>} */ { list }) => list.labels.map(({ name, key }) => `${name} ${key}`);
  const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
  const usual = project(names.map((name, i) => ({ name, key: i < 9 ? String(i + 1) : null })));
  await usual.labels.load();
  await usual.labels.change("b", { name: "d" });
  assert.deepEqual(keys(usual), ["a 1", "c 2", "d 3", "e 4", "f 5", "g 6", "h 7", "i 8", "j 9"]);
  await usual.labels.forget("a");
  assert.deepEqual(keys(usual).slice(0, 2), ["c 1", "d 2"]);
  const chosen = project([{ name: "a", key: "1" }, { name: "b", key: "5" }, { name: "c", key: "2" }]);
  await chosen.labels.load();
  await chosen.labels.forget("a");
  assert.deepEqual(keys(chosen), ["b 5", "c 2"]);
});

test("a label that is chosen while the list is read again stays chosen; one that is called otherwise by then, too", async () => {
  const { labels, list, api } = project([{ name: "car" }, { name: "bus" }]);
  await labels.load();
  labels.select("bus");
  const read = api.labels;
  let go = () => {};
  const held = new Promise((resolve) => (go = () => resolve(undefined)));
  api.labels = async () => {
    await held;
    return read();
  };
  const following = labels.follow({});
  labels.select("car");
  list.labels[0].name = "auto";
  list.version += 1;
  go();
  await following;
  assert.equal(labels.active.peek().name, "auto");
  assert.equal(labels.previous.peek()?.name, "bus");
});
