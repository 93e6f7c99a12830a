import assert from "node:assert/strict";
import { test } from "node:test";

import { combined } from "../../../../static/js/document/sync/pending.js";
import { annotation, browser, page, server, settle } from "../server.js";

test("two different masks are a question; others are saved meanwhile, and any answer ends it", async () => {
  for (const [answer, counts] of /** @type {const} */ ([["mine", "13"], ["theirs", "22"]])) {
    const there = server();
    const { add, change, objects, outbox } = page(there);
    add(annotation());
    await settle();
    there.kept.set("a", annotation({ version: 2, rle: { size: [2, 2], counts: "22" } }));
    change("a", { rle: { size: [2, 2], counts: "13" } });
    change("a", { label: "bus" });
    await settle();
    assert.equal(outbox.states.peek().get("a")?.state, "conflict");
    add(annotation({ id: "b" }));
    await settle();
    assert.ok(there.kept.has("b"));
    const [conflict] = outbox.conflicts.peek();
    assert.deepEqual([...conflict.pending.fields].sort(), ["label", "rle"]);
    objects.answer(conflict, answer);
    await settle();
    assert.deepEqual([there.kept.get("a")?.rle.counts, objects.find("a")?.rle.counts], [counts, counts]);
    assert.equal(there.kept.get("a")?.label, answer === "mine" ? "bus" : "car");
    assert.deepEqual([outbox.conflicts.peek().length, outbox.summary.peek().state], [0, "saved"]);
  }
});

/** An object that a person deletes, or changes and then deletes, while somebody else changed it. */
async function deletedWhileChanged(/** @type {Partial<import("../server.js").Annotation>} */ theirs, changesFirst = false) {
  const there = server();
  const here = page(there);
  here.add(annotation());
  await settle();
  there.kept.set("a", annotation({ version: 2, ...theirs }));
  if (changesFirst) {
    here.change("a", { label: "bus" });
    await settle();
  }
  here.remove("a");
  await settle();
  return { there, ...here };
}

test("a deletion overrules nobody who changed the mask or the label meanwhile, without a question", async () => {
  const { there, outbox } = await deletedWhileChanged({ color: "#ffffff" });
  assert.deepEqual([there.kept.size, outbox.summary.peek().state], [0, "saved"]);
  for (const theirs of [{ label: "van" }, { rle: { size: /** @type {[number, number]} */ ([2, 2]), counts: "13" } }]) {
    for (const changesFirst of [false, true]) {
      for (const answer of /** @type {const} */ (["mine", "theirs"])) {
        const { there, objects, outbox, shown } = await deletedWhileChanged(theirs, changesFirst && "label" in theirs);
        const [conflict] = outbox.conflicts.peek();
        assert.deepEqual([conflict.pending.kind, conflict.theirs?.version, shown.peek().length], ["delete", 2, 0]);
        objects.answer(conflict, answer);
        await settle();
        assert.equal(there.kept.size, answer === "mine" ? 0 : 1);
        assert.deepEqual(shown.peek(), [...there.kept.values()]);
        assert.deepEqual([outbox.conflicts.peek().length, outbox.summary.peek().state], [0, "saved"]);
      }
    }
  }
});

test("a deletion that is taken back while it is asked about is a change again", async () => {
  const { there, add, objects, outbox, shown } = await deletedWhileChanged({ label: "van" });
  add(annotation());
  await settle();
  const [conflict] = outbox.conflicts.peek();
  assert.deepEqual([conflict.pending.kind, conflict.pending.fields], ["change", ["label"]]);
  objects.answer(conflict, "mine");
  await settle();
  assert.deepEqual([there.kept.get("a")?.label, shown.peek()[0].label, outbox.summary.peek().state], ["car", "car", "saved"]);
});

test("what was deleted elsewhere and is now deleted here is no question any more", async () => {
  const there = server();
  const { add, change, remove, outbox } = page(there);
  add(annotation());
  await settle();
  there.kept.clear();
  change("a", { label: "bus" });
  await settle();
  assert.equal(outbox.conflicts.peek().length, 1);
  remove("a");
  await settle();
  assert.deepEqual([outbox.conflicts.peek().length, outbox.summary.peek().state, there.kept.size], [0, "saved", 0]);
});

test("a label that is renamed while its object is asked about is sent with its new name", async () => {
  const there = server();
  const { add, change, objects, outbox } = page(there);
  add(annotation());
  await settle();
  there.kept.set("a", annotation({ version: 2, rle: { size: [2, 2], counts: "22" } }));
  change("a", { label: "bus", rle: { size: [2, 2], counts: "13" } });
  await settle();
  const [asked] = outbox.conflicts.peek();
  outbox.rewrite((each) => (each.label === "bus" ? { ...each, label: "coach" } : each));
  assert.equal(outbox.conflicts.peek()[0].pending.annotation?.label, "coach");
  objects.answer(asked, "mine");
  await settle();
  assert.deepEqual([there.kept.get("a")?.label, there.kept.get("a")?.rle.counts], ["coach", "13"]);
});

test("a label that is renamed is no change of theirs", async () => {
  const there = server();
  const { add, change, outbox } = page(there);
  add(annotation());
  await settle();
  there.state.reachable = false;
  change("a", { label: "bus" });
  await settle();
  outbox.rewrite((each) => (each.label === "car" ? { ...each, label: "auto" } : each));
  there.kept.set("a", annotation({ version: 2, label: "auto" }));
  there.state.reachable = true;
  outbox.wake();
  await settle();
  assert.deepEqual([outbox.conflicts.peek().length, there.kept.get("a")?.label], [0, "bus"]);
});

test("both versions can be kept: mine becomes a new object", async () => {
  const there = server();
  const { add, change, objects, outbox, shown } = page(there);
  add(annotation());
  await settle();
  there.kept.set("a", annotation({ version: 2, label: "van" }));
  change("a", { label: "bus" });
  await settle();
  objects.answer(outbox.conflicts.peek()[0], "both");
  await settle();
  assert.deepEqual([...there.kept.values()].map(({ label }) => label).sort(), ["bus", "van"]);
  assert.equal(shown.peek().length, 2);
});

test("what was deleted elsewhere while it was changed here is asked about: it stays gone, or is made again", async () => {
  for (const answer of /** @type {const} */ (["mine", "theirs"])) {
    const there = server();
    const { add, change, objects, outbox, shown } = page(there);
    add(annotation());
    await settle();
    there.kept.clear();
    change("a", { label: "bus" });
    await settle();
    const [conflict] = outbox.conflicts.peek();
    assert.equal(conflict.theirs, null);
    objects.answer(conflict, answer);
    await settle();
    const labels = [...there.kept.values()].map(({ label }) => label);
    assert.deepEqual([labels, shown.peek().length], answer === "mine" ? [["bus"], 1] : [[], 0]);
    assert.equal(outbox.summary.peek().state, "saved");
  }
});

test("a deletion that is undone brings the object back, its versions going on; also over an interruption", async () => {
  for (const interrupted of [false, true]) {
    const there = server();
    const { add, change, objects, outbox, remove } = page(there);
    add(annotation());
    change("a", { label: "bus" });
    await settle();
    remove("a");
    await settle();
    there.state.reachable = !interrupted;
    add(annotation({ label: "bus" }));
    await settle();
    there.state.reachable = true;
    outbox.wake();
    await settle();
    assert.deepEqual([outbox.summary.peek().state, outbox.conflicts.peek().length], ["saved", 0]);
    assert.equal(there.kept.get("a")?.version, 3);
    change("a", { label: "van" });
    await settle();
    assert.deepEqual([there.kept.get("a")?.label, objects.find("a")?.version], ["van", 4]);
  }
});

test("a creation whose answer was lost does not bring back what somebody deleted since, unless one says so", async () => {
  for (const answer of /** @type {const} */ (["mine", "theirs"])) {
    const there = server();
    const { add, objects, outbox, shown } = page(there);
    there.state.deaf = true;
    add(annotation({ version: 0 }));
    await settle();
    await there.api.deleteAnnotation("a", "p", 1).catch(() => {}); // by somebody else
    there.state.deaf = false;
    outbox.wake();
    await settle();
    const [conflict] = outbox.conflicts.peek();
    assert.deepEqual([there.kept.size, conflict?.theirs], [0, null]);
    objects.answer(conflict, answer);
    await settle();
    assert.equal(there.kept.size, answer === "mine" ? 1 : 0);
    assert.deepEqual([shown.peek().length, outbox.summary.peek().state], [there.kept.size, "saved"]);
  }
});

test("what a page left behind undoes its own deletion without a question", async () => {
  const there = server();
  const here = browser();
  const first = page(there, here, "first");
  first.add(annotation());
  await settle();
  first.remove("a");
  await settle();
  there.state.reachable = false;
  first.add(annotation());
  await settle();
  here.open.delete("first"); // reloaded
  there.state.reachable = true;
  const second = page(there, here, "second");
  await second.outbox.adopt();
  await settle();
  assert.deepEqual([there.kept.get("a")?.version, second.outbox.conflicts.peek().length], [3, 0]);
});

/** An object whose mask was changed here and elsewhere, to pixels 1 to 3 of 4 and to those given. @param {string} counts */
async function twoMasks(counts, change = {}) {
  const there = server();
  const here = page(there);
  here.add(annotation());
  await settle();
  there.kept.set("a", annotation({ version: 2, rle: { size: [2, 2], counts }, ...change }));
  here.change("a", { rle: { size: [2, 2], counts: "13" }, area: 3, label: "bus" });
  await settle();
  return { there, ...here };
}

test("two masks can become one: all pixels of both, or those that both have", async () => {
  for (const [how, counts, area] of /** @type {const} */ ([["union", "04", 4], ["intersection", "112", 1]])) {
    const { there, objects, outbox } = await twoMasks("022");
    objects.answer(outbox.conflicts.peek()[0], how);
    assert.deepEqual([objects.find("a")?.rle.counts, objects.find("a")?.area], [counts, area]); // at once
    await settle();
    const saved = there.kept.get("a");
    assert.deepEqual([saved?.rle.counts, saved?.label, saved?.candidate, saved?.version], [counts, "bus", null, 3]);
    assert.deepEqual([outbox.conflicts.peek().length, outbox.summary.peek().state], [0, "saved"]);
  }
});

test("masks that have no pixel in common, or of which one was not changed, cannot be met", async () => {
  for (const [counts, change, how] of /** @type {const} */ ([["013", {}, "intersection"], ["04", { label: "van" }, "union"]])) {
    const { there, objects, outbox } = await twoMasks(counts, change);
    const [conflict] = outbox.conflicts.peek();
    assert.equal(combined(conflict.pending, /** @type {import("../server.js").Annotation} */ (conflict.theirs), how), null);
    objects.answer(conflict, how);
    await settle();
    assert.deepEqual([there.kept.get("a")?.version, outbox.conflicts.peek().length], [2, 1]);
  }
});

test("what both deleted is no question, nor is the answer to one asked again", async () => {
  const there = server();
  const { add, objects, outbox, remove } = page(there);
  there.state.deaf = true;
  add(annotation({ version: 0 }));
  await settle();
  await there.api.deleteAnnotation("a", "p", 1).catch(() => {}); // by somebody else
  remove("a");
  there.state.deaf = false;
  outbox.wake();
  await settle();
  assert.deepEqual([there.kept.size, outbox.conflicts.peek().length, outbox.summary.peek().state], [0, 0, "saved"]);

  there.state.deaf = true;
  add(annotation({ id: "b", version: 0 }));
  await settle();
  await there.api.deleteAnnotation("b", "p", 1).catch(() => {});
  there.state.deaf = false;
  outbox.wake();
  await settle();
  there.state.reachable = false;
  objects.answer(outbox.conflicts.peek()[0], "mine");
  await settle();
  there.state.reachable = true;
  outbox.wake();
  await settle();
  assert.deepEqual([there.kept.get("b")?.version, outbox.conflicts.peek().length], [3, 0]);
});
