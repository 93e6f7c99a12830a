import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { createOutbox } from "../../../../static/js/document/sync/outbox.js";
import { annotation, browser, page, server, settle } from "../server.js";

test("changes made before the creation is acknowledged follow it, on the right versions, joined to one", async () => {
  const there = server();
  const { add, change, outbox } = page(there);
  add(annotation());
  await Promise.resolve();
  change("a", { label: "bus" });
  change("a", { color: "#000000" });
  await settle();
  assert.equal(there.calls[0], "create");
  assert.ok(there.calls.length <= 2);
  assert.deepEqual([there.kept.get("a")?.label, there.kept.get("a")?.color], ["bus", "#000000"]);
  assert.equal(outbox.summary.peek().state, "saved");
});

test("what is added and removed before anything was sent never leaves the browser", async () => {
  const there = server();
  const here = browser();
  const { add, remove, outbox } = page(there, here);
  add(annotation());
  remove("a");
  await settle();
  assert.deepEqual([there.calls, here.stored.size, outbox.waiting.peek().length], [[], 0, 0]);
});

test("every change is written down before it is sent, and erased when the server has it", async () => {
  const there = server();
  const here = browser();
  const { add, outbox } = page(there, here);
  there.state.reachable = false;
  add(annotation());
  assert.equal(outbox.losing.peek(), true);
  await settle();
  assert.deepEqual([here.stored.size, outbox.losing.peek()], [1, false]);
  assert.deepEqual([outbox.summary.peek().state, outbox.summary.peek().kept], ["offline", true]);
  assert.match(outbox.states.peek().get("a")?.message ?? "", /reach the server/);
  there.state.reachable = true;
  outbox.wake();
  await settle();
  assert.deepEqual([here.stored.size, there.kept.size, outbox.summary.peek().state], [0, 1, "saved"]);
});

test("where the browser keeps nothing, changes wait in the page, which says so", async () => {
  const there = server();
  const here = browser();
  here.state.blocked = true;
  there.state.reachable = false;
  const { add, outbox } = page(there, here);
  add(annotation());
  await settle();
  assert.deepEqual([outbox.losing.peek(), outbox.summary.peek().kept], [true, false]);
  there.state.reachable = true;
  outbox.retry();
  await settle();
  assert.deepEqual([there.kept.size, outbox.losing.peek()], [1, false]);
});

test("a page that is opened again shows what waits, also without the server, and sends it in order", async () => {
  const there = server();
  const here = browser();
  there.kept.set("b", annotation({ id: "b" }));
  const before = page(there, here, "before");
  await before.objects.load("default", "picture");
  there.state.reachable = false;
  before.add(annotation({ z: 1 }));
  await settle();
  before.change("a", { label: "bus" });
  before.change("b", { label: "bike" });
  before.remove("b");
  await settle();
  here.open.delete("before"); // crashed

  const after = page(there, here, "after");
  await assert.rejects(after.objects.load("default", "picture"));
  assert.deepEqual(
    after.shown.peek().map(({ id, label }) => [id, label]),
    [["a", "bus"]],
  );
  await after.outbox.adopt();
  await settle();
  assert.equal(after.outbox.waiting.peek().length, 3);
  there.state.reachable = true;
  there.calls.length = 0;
  after.outbox.wake();
  await settle();
  assert.deepEqual(there.calls, ["create", "update", "delete"]);
  assert.deepEqual([...there.kept.values()].map(({ id, label }) => [id, label]), [["a", "bus"]]);
  assert.deepEqual([here.stored.size, after.outbox.summary.peek().state], [0, "saved"]);
  before.outbox.wake(); // as the test ends: its timer would keep it from ending
  await settle();
});

test("what another page that lives is sending is left to it", async () => {
  const there = server();
  const here = browser();
  there.state.reachable = false;
  const first = page(there, here, "first");
  first.add(annotation());
  await settle();
  const second = page(there, here, "second");
  await second.outbox.adopt();
  await settle();
  assert.equal(second.outbox.waiting.peek().length, 0);
  there.state.reachable = true;
  first.outbox.wake();
  await settle();
  assert.deepEqual([there.calls, here.stored.size], [["create", "create"], 0]);
});

test("an answer that was lost on the way does no harm: the change is not made twice", async () => {
  const there = server();
  const { add, change, outbox } = page(there);
  there.state.deaf = true;
  add(annotation());
  await settle();
  change("a", { label: "bus" }); // the server has it already: this is not joined to it
  there.state.deaf = false;
  outbox.wake();
  await settle();
  there.state.deaf = true;
  change("a", { label: "tram" });
  await settle();
  there.state.deaf = false;
  outbox.wake();
  await settle();
  assert.deepEqual([there.kept.get("a")?.label, there.kept.get("a")?.version], ["tram", 3]);
  assert.deepEqual([outbox.conflicts.peek().length, outbox.summary.peek().state], [0, "saved"]);
});

test("what the server refuses holds back nothing else, says why, and is mended by another change", async () => {
  const there = server();
  const { add, change, outbox } = page(there);
  there.state.refuse = "The mask is empty.";
  add(annotation());
  await settle();
  assert.equal(outbox.states.peek().get("a")?.message, "The mask is empty.");
  there.state.refuse = "";
  add(annotation({ id: "b" }));
  outbox.putState("default", "picture", "done");
  await settle();
  assert.deepEqual([[...there.kept.keys()], outbox.summary.peek().state], [["b"], "failed"]);
  assert.equal(there.calls.at(-1), "done");
  change("a", { label: "bus" });
  await settle();
  assert.deepEqual([there.kept.get("a")?.label, outbox.summary.peek().state], ["bus", "saved"]);
});

test("a change made elsewhere is kept where it does not touch the same, without a question", async () => {
  const there = server();
  const { add, change, outbox, shown } = page(there);
  add(annotation());
  await settle();
  there.kept.set("a", annotation({ version: 2, color: "#ffffff" }));
  change("a", { label: "bus" });
  await settle();
  const { label, color, version } = /** @type {import("../server.js").Annotation} */ (there.kept.get("a"));
  assert.deepEqual([label, color, version], ["bus", "#ffffff", 3]);
  assert.equal(shown.peek()[0].color, "#ffffff");
  assert.equal(outbox.conflicts.peek().length, 0);
});

test("what the server stumbles over holds back its object alone, is told, and is tried again", async () => {
  const there = server();
  const { add, change, outbox } = page(there);
  there.state.broken = "a";
  add(annotation());
  await settle();
  change("a", { label: "bus" });
  add(annotation({ id: "b" }));
  await settle();
  assert.deepEqual([[...there.kept.keys()], there.calls], [["b"], ["create", "create"]]);
  const { state, count, message } = outbox.summary.peek();
  assert.deepEqual([state, count, message], ["failed", 2, "The server failed."]);
  assert.equal(outbox.states.peek().get("a")?.state, "failed");
  there.state.broken = "";
  outbox.retry();
  await settle();
  assert.deepEqual([there.kept.get("a")?.label, outbox.summary.peek().state], ["bus", "saved"]);
});

test("a page that was taken for gone, and comes back, leaves to the other what that has taken over", async () => {
  const there = server();
  const here = browser();
  there.state.reachable = false;
  const frozen = page(there, here, "frozen");
  frozen.add(annotation());
  await settle();
  here.open.delete("frozen");
  const other = page(there, here, "other");
  await other.outbox.adopt();
  await settle();
  there.state.reachable = true;
  there.calls.length = 0;
  frozen.outbox.wake();
  await settle();
  assert.deepEqual([there.calls, frozen.outbox.waiting.peek().length], [[], 0]);
  other.outbox.wake();
  await settle();
  assert.deepEqual([there.calls, here.stored.size], [["create"], 0]);
});

test("work is only said to be kept when all of it is; what could not be written is written with the next", async () => {
  const there = server();
  const here = browser();
  there.state.reachable = false;
  const { add, outbox } = page(there, here);
  here.state.blocked = true;
  add(annotation());
  await settle();
  assert.deepEqual([outbox.summary.peek().state, outbox.summary.peek().kept], ["offline", false]);
  here.state.blocked = false;
  add(annotation({ id: "b" }));
  assert.deepEqual([outbox.summary.peek().kept, outbox.losing.peek()], [false, true]);
  await settle();
  assert.deepEqual([outbox.summary.peek().kept, outbox.losing.peek(), here.stored.size], [true, false, 2]);
  there.state.reachable = true;
  outbox.wake();
  await settle();
});

test("what wakes the outbox while a failing attempt ends does not cancel the next attempt", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const there = server();
    const here = browser();
    there.state.reachable = false;
    const outbox = createOutbox({
      api: there.api,
      store: here.store,
      onDelivered: () => {},
      tabs: {
        async mine(work) {
          await work();
          outbox.wake(); // the turn is over, and its lock is not given back yet
          await Promise.resolve();
        },
        whenGone: () => {},
        leave: () => {},
      },
    });
    const change = { kind: /** @type {const} */ ("create"), version: 0, fields: [], before: {}, state: null };
    outbox.put({ ...change, project: "default", image: "picture", of: "a", annotation: annotation() });
    await breathe();
    there.state.reachable = true;
    mock.timers.tick(2_000);
    await breathe();
    assert.deepEqual([there.kept.size, outbox.waiting.peek().length], [1, 0]);
  } finally {
    mock.timers.reset();
  }
});

/** Lets everything happen that waits for no clock. */
const breathe = async () => {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
};
