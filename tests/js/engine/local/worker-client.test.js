import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { DecoderFailed } from "../../../../static/js/core/errors.js";
import { WorkerClient, WorkerRefusal } from "../../../../static/js/engine/local/worker-client.js";

class FakeWorker extends EventTarget {
  /** @type {Array<{id: number, type: string}>} */
  sent = [];
  terminated = false;
  /** @param {{id: number, type: string}} message */
  postMessage(message) {
    this.sent.push(message);
  }
  /** @param {unknown} data */
  answer(data) {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
  terminate() {
    this.terminated = true;
  }
}

function pair() {
  const worker = new FakeWorker();
  return { worker, client: new WorkerClient(() => /** @type {Worker} */ (/** @type {unknown} */ (worker))) };
}

test("replies settle by id, whatever their order", async () => {
  const { worker, client } = pair();
  const first = client.request("memory", {}, 1000);
  const second = client.request("memory", {}, 1000);
  const [a, b] = worker.sent;
  worker.answer({ id: b.id, ok: true, answer: { wasmBytes: 2 } });
  worker.answer({ id: a.id, ok: true, answer: { wasmBytes: 1 } });
  worker.answer({ id: a.id, ok: true, answer: { wasmBytes: 3 } });
  assert.deepEqual(await Promise.all([first, second]), [{ wasmBytes: 1 }, { wasmBytes: 2 }]);
});

test("a refusal leaves the worker in use", async () => {
  const { worker, client } = pair();
  const refused = client.request("memory", {}, 1000);
  worker.answer({ id: worker.sent[0].id, ok: false, code: "no_embedding", message: "none" });
  await assert.rejects(refused, (error) => error instanceof WorkerRefusal && error.code === "no_embedding");
  assert.equal(client.broken, null);
});

test("an unanswered request gives the worker up, and all that waits", async () => {
  const { worker, client } = pair();
  const short = client.request("memory", {}, 10);
  const long = client.request("memory", {}, 10_000);
  await assert.rejects(short, DecoderFailed);
  await assert.rejects(long, /stopped answering/);
  assert.ok(worker.terminated);
  await assert.rejects(client.request("memory", {}, 1000), DecoderFailed);
});

test("the time limit of a request counts from when it is its turn", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { worker, client } = pair();
  const load = client.request("memory", {}, 120_000);
  const waits = client.request("memory", {}, 2_000);
  mock.timers.tick(100_000);
  assert.equal(client.broken, null);
  worker.answer({ id: worker.sent[0].id, ok: true, answer: { wasmBytes: 1 } });
  await load;
  mock.timers.tick(1_999);
  assert.equal(client.broken, null);
  mock.timers.tick(1);
  await assert.rejects(waits, /stopped answering/);
  mock.timers.reset();
});
