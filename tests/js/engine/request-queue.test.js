import assert from "node:assert/strict";
import { test } from "node:test";

import { Superseded } from "../../../static/js/core/errors.js";
import { RequestQueue } from "../../../static/js/engine/request-queue.js";

/** A queue whose runs are settled by hand. */
function byHand() {
  /** @type {Array<{request: string, finish: (error?: Error) => void}>} */
  const started = [];
  const queue = new RequestQueue(
    (/** @type {string} */ request) =>
      new Promise((resolve, reject) => {
        started.push({ request, finish: (error) => (error ? reject(error) : resolve(request.toUpperCase())) });
      }),
  );
  return { queue, started };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("of waiting hovers only the latest runs", async () => {
  const { queue, started } = byHand();
  const first = queue.submit("a", "hover", "me");
  const second = queue.submit("b", "hover", "me");
  const third = queue.submit("c", "hover", "me");
  await assert.rejects(second, Superseded);
  started[0].finish();
  assert.equal(await first, "A");
  await turn();
  started[1].finish();
  assert.equal(await third, "C");
  assert.deepEqual(started.map(({ request }) => request), ["a", "c"]);
});

test("clicks are never dropped, run in order and before a hover", async () => {
  const { queue, started } = byHand();
  const clicks = ["1", "2"];
  const answers = [queue.submit("a", "hover", "me"), ...clicks.map((click) => queue.submit(click, "click", "me"))];
  answers.push(queue.submit("b", "hover", "me"));
  for (let i = 0; i < 4; i++) {
    started[i].finish();
    await turn();
  }
  assert.deepEqual(await Promise.all(answers), ["A", "1", "2", "B"]);
});

test("a failure is that request's own", async () => {
  const { queue, started } = byHand();
  const bad = queue.submit("a", "click", "me");
  const good = queue.submit("b", "click", "me");
  started[0].finish(new Error("broken"));
  await assert.rejects(bad, /broken/);
  await turn();
  started[1].finish();
  assert.equal(await good, "B");
});

test("clearing gives up what waits, not what runs", async () => {
  const { queue, started } = byHand();
  const running = queue.submit("a", "click", "me");
  const waiting = [queue.submit("b", "click", "me"), queue.submit("c", "hover", "me")];
  queue.clear("me");
  for (const answer of waiting) await assert.rejects(answer, Superseded);
  started[0].finish();
  assert.equal(await running, "A");
});

test("owners neither drop nor give up what is another's", async () => {
  const { queue, started } = byHand();
  const running = queue.submit("a", "click", "me");
  const hovers = [queue.submit("b", "hover", "me"), queue.submit("c", "hover", "you")];
  const click = queue.submit("d", "click", "you"); // overtakes that owner's hover, not the other's
  await assert.rejects(hovers[1], Superseded);
  queue.clear("you");
  await assert.rejects(click, Superseded);
  started[0].finish();
  assert.equal(await running, "A");
  await turn();
  started[1].finish();
  assert.equal(await hovers[0], "B");
});
