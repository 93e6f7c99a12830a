/** Previews are asked for as often as the pointer moves; while a close-up is encoded beside them, few are decoded. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Superseded } from "../../../static/js/core/errors.js";
import { createPace } from "../../../static/js/engine/pace.js";

/** @param {number} ms */
async function pass(ms) {
  mock.timers.tick(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

test("nothing waits while nothing else needs the processor", async () => {
  const pace = createPace(() => false);
  const begun = performance.now();
  for (let i = 0; i < 3; i++) await pace.turn();
  assert.ok(performance.now() - begun < 300);
});

test("while something does, a preview waits, and only the latest is decoded", async (context) => {
  let now = 1000;
  context.mock.method(performance, "now", () => now);
  mock.timers.enable({ apis: ["setTimeout"] });
  const pace = createPace(() => true);
  pace.begin();
  /** @type {string[]} */
  const came = [];
  const ask = (/** @type {string} */ name) =>
    pace.turn().then(
      () => came.push(name),
      (error) => came.push(error instanceof Superseded ? `no ${name}` : "?"),
    );
  for (const name of ["a", "b"]) {
    ask(name);
    now += 100;
    await pass(100);
  }
  assert.deepEqual(came, []);
  now += 500;
  await pass(500);
  assert.deepEqual(came, ["no a", "b"]);
  ask("c");
  now += 600;
  await pass(600);
  assert.deepEqual(came, ["no a", "b"]);
  now += 200;
  await pass(200);
  assert.deepEqual(came, ["no a", "b", "c"]);
  mock.timers.reset();
});

test("the first preview after what needed the processor waits no more", async () => {
  let busy = true;
  const pace = createPace(() => busy);
  pace.begin();
  const before = pace.turn();
  busy = false;
  await pace.turn();
  await assert.rejects(before, Superseded);
});
