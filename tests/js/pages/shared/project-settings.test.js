import assert from "node:assert/strict";
import { test } from "node:test";

import { labelNames } from "../../../../static/js/pages/home/new-project.js";
import { choicesOf } from "../../../../static/js/pages/project/settings/attributes.js";
import { createLabelDrafts } from "../../../../static/js/pages/project/settings/label-drafts.js";
import { createSaving } from "../../../../static/js/pages/project/settings/saving.js";

/** @param {string} id @param {string|null} [key] */
const label = (id, key = null) => ({ id, name: id, color: "#e69f00", key, description: "", group: "", attributes: [] });

function threeLabels() {
  const model = createLabelDrafts();
  model.adopt({ labels: [label("a", "1"), label("b"), label("c", "3")], version: 4 });
  const names = () => model.drafts.value.map(({ name }) => name).join("");
  const uid = (/** @type {string} */ name) =>
    model.drafts.value.find((draft) => draft.name === name)?.uid ?? -1;
  return { model, names, uid };
}

test("names and choices between commas, each once", () => {
  assert.deepEqual(labelNames(" car, person;\n car ,,traffic sign"), ["car", "person", "traffic sign"]);
  assert.deepEqual(choicesOf("red, blue\nred,"), ["red", "blue"]);
});

test("a new label has a colour and a key that are free, and gets its id from the server", () => {
  const { model, uid } = threeLabels();
  model.add("d");
  const added = model.drafts.value[3];
  assert.equal(added.key, "2");
  assert.notEqual(added.color, "#e69f00");
  const { sent, list } = model.outgoing();
  assert.equal(list.version, 4);
  assert.equal(list.labels.length, 4);
  assert.ok(!("uid" in list.labels[0]));
  model.change(uid("d"), { name: "dd" }); // while it is on its way
  model.accepted(sent, { labels: [label("a"), label("b"), label("c"), label("new id")], version: 5 });
  assert.equal(model.drafts.value[3].id, "new id");
  assert.equal(model.drafts.value[3].name, "dd");
  assert.equal(model.outgoing().list.version, 5);
});

test("labels move, and come back where they were", () => {
  const { model, names, uid } = threeLabels();
  model.move(uid("c"), -1);
  assert.equal(names(), "acb");
  model.move(uid("a"), -1);
  assert.equal(names(), "acb");
  const back = model.remove(uid("c"));
  assert.equal(names(), "ab");
  back();
  assert.equal(names(), "acb");
});

test("merged labels are told to the server once", () => {
  const { model, names, uid } = threeLabels();
  model.merge(uid("a"), uid("b"));
  model.merge(uid("b"), uid("c"));
  assert.equal(names(), "c");
  assert.deepEqual(model.drafts.value[0].replaces, ["a", "b"]);
  const { sent } = model.outgoing();
  model.accepted(sent, { labels: [label("c")], version: 5 });
  assert.deepEqual(model.drafts.value[0].replaces, []);
});

test("after a merge the digits number the labels again, and one that is put back takes no other's key", () => {
  const model = createLabelDrafts();
  model.adopt({ labels: ["a", "b", "c", "d"].map((id, i) => label(id, String(i + 1))), version: 4 });
  const [a, b, c] = model.drafts.value.map(({ uid }) => uid);
  const keys = () => model.drafts.value.map(({ name, key }) => `${name}${key}`);
  model.merge(b, c);
  assert.deepEqual(keys(), ["a1", "c2", "d3"]);
  const back = model.remove(a);
  model.add("e");
  assert.deepEqual(keys(), ["c2", "d3", "e1"]);
  back();
  assert.deepEqual(keys(), ["a4", "c2", "d3", "e1"]);
});

test("only the newest value is saved, one request after the other", async () => {
  /** @type {string[]} */
  const saved = [];
  /** @type {Array<() => void>} */
  const done = [];
  const saving = createSaving((/** @type {string} */ value) => {
    saved.push(value);
    return new Promise((resolve) => done.push(() => resolve(null)));
  });
  saving.changed("a");
  saving.changed("ab");
  assert.equal(saving.state.value.phase, "waiting");
  const flushed = saving.flush();
  assert.equal(saving.state.value.phase, "saving");
  saving.changed("abc");
  saving.changed("abcd");
  done.shift()?.();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(saving.busy(), true);
  done.shift()?.();
  await flushed;
  assert.deepEqual(saved, ["ab", "abcd"]);
  assert.deepEqual([saving.state.value.phase, saving.busy()], ["saved", false]);
});

test("what was not saved is kept and tried again", async () => {
  let failing = true;
  const saving = createSaving(async () => {
    if (failing) throw Object.assign(new Error("No."), { hint: "Try." });
  });
  saving.changed(1);
  await saving.flush();
  assert.deepEqual(saving.state.value, { phase: "failed", message: "No. Try." });
  assert.equal(saving.busy(), true);
  failing = false;
  await saving.flush();
  assert.equal(saving.state.value.phase, "saved");
  saving.changed(2);
  saving.forget();
  assert.equal(saving.busy(), false);
});

test("nothing is called saved that was given up while it was sent", async () => {
  /** @type {string[]} */
  const phases = [];
  /** @type {string[]} */
  const sent = [];
  const saving = createSaving(async (/** @type {string} */ value) => {
    sent.push(value);
    if (value === "refused") saving.forget();
    if (value === "in part") saving.changed("the rest");
  });
  saving.state.subscribe(({ phase }) => void phases.push(phase));
  saving.changed("refused");
  await saving.flush();
  assert.deepEqual(phases, ["idle", "waiting", "saving", "idle"]);
  saving.changed("in part");
  await saving.flush();
  assert.deepEqual(sent, ["refused", "in part", "the rest"]);
  assert.equal(phases.at(-1), "saved");
  assert.equal(saving.busy(), false);
});
