import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { ApiError } from "../../../static/js/core/errors.js";
import { Signal } from "../../../static/js/core/signals.js";
import { status as idle } from "../../../static/js/core/state.js";
import { createBackends } from "../../../static/js/engine/backends.js";
import { calibrationKey, recall, remember } from "../../../static/js/engine/local/calibration.js";
import { FIRST } from "../document/prompt/desk.js";

/** @typedef {Parameters<typeof createBackends>[0]} Parts */
/** @typedef {import("../../../static/js/engine/backends.js").Opened} Opened */

const CAN = { worker: true, threads: 1, webgpu: true };
const [A, B] = ["a", "b"].map((id) => ({ ...FIRST, id, weights: id.repeat(64) }));
const keyOf = (/** @type {typeof A} */ { weights }) => calibrationKey("1", weights, CAN, navigator.userAgent);

/** Segmenters whose logits are wrong on WebGPU, by weights. @type {Set<string>} */
const wrong = new Set();
/** @type {string[]} */
let started = [];

/** When workers start. @type {Promise<void>} */
let starts = Promise.resolve();

/** A decoder worker that answers at once, once it starts. */
class FakeWorker extends EventTarget {
  /** @type {string[]} */
  loaded = [];
  /** @param {{id: number, type: string, where: string, weights: string}} message */
  postMessage({ id, type, where, weights }) {
    if (type === "start") started.push(where);
    if (type === "load") this.loaded.push(weights);
    const answers = /** @type {Record<string, object>} */ ({
      start: { threads: 1 },
      load: { warmMs: 20, loaded: this.loaded },
      parity: { worst: wrong.has(weights) ? 3 : 0.001 },
      embedding: { ms: 1 },
      measure: { ms: 20 },
      decode: { ms: 20, candidates: [], best: 0 },
    });
    const data = { id, ok: true, answer: answers[type] };
    void starts.then(() => this.dispatchEvent(new MessageEvent("message", { data })));
  }
  terminate() {}
}

/** @param {object} globals */
function provide(globals) {
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
}

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  wrong.clear();
  started = [];
  starts = Promise.resolve();
  const stored = /** @type {Record<string, string>} */ ({});
  const methods = {
    getItem: (/** @type {string} */ name) => stored[name] ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ text) => void (stored[name] = text),
    removeItem: (/** @type {string} */ name) => void Reflect.deleteProperty(stored, name),
  };
  const gpu = { requestAdapter: async () => ({}) };
  provide({ Worker: FakeWorker, localStorage: methods, navigator: { userAgent: "test", gpu } });
  const rows = [{ where: /** @type {const} */ ("webgpu"), threads: 1, ms: 20, parity: true, note: "" }];
  remember(keyOf(A), { where: "webgpu", threads: 1, rows });
});

afterEach(() => mock.timers.reset());

/** Backends with A in use, and its measurement from an earlier visit: WebGPU. @param {object} [more] of the socket */
async function backendsWithA(more = {}) {
  const segmenters = new Signal({ installed: [A, B], inUse: A, next: null, failure: null, decodeMs: {} });
  const status = new Signal(idle.peek());
  const socket = { connected: false, on: () => () => {}, ...more };
  const graphs = async (/** @type {typeof A} */ { weights }) => ({ weights });
  const parts = { socket, version: "1", status, segmenters, forced: null, graphs };
  const backends = createBackends(/** @type {Parts} */ (/** @type {unknown} */ (parts)));
  await backends.begun();
  return { backends, status };
}

/** @param {typeof A} segmenter */
const opened = (segmenter) =>
  /** @type {Opened} */ (
    /** @type {unknown} */ ({
      segmenter,
      weights: segmenter.weights,
      info: { id: "i", width: 64, height: 64 },
      key: segmenter.id,
      arriving: () => true,
      graphs: async () => ({ weights: segmenter.weights }),
      container: async () => new ArrayBuffer(4),
    })
  );

test("one that WebGPU computes wrongly is decoded by wasm; the present one's measurement stays", async () => {
  const { backends, status } = await backendsWithA();
  await backends.hold(opened(A));
  assert.deepEqual([started, status.peek().where], [["webgpu"], "webgpu"]);
  wrong.add(B.weights);
  await backends.hold(opened(B));
  assert.deepEqual([started, status.peek().where], [["webgpu", "wasm"], "wasm"]);
  assert.equal(recall(keyOf(A), CAN)?.where, "webgpu");
  assert.deepEqual(status.peek().calibration.map(({ where, parity }) => [where, parity]), [["webgpu", true]]);
  backends.close();
});

test("WebGPU that computes the present one wrongly is left and forgotten", async () => {
  wrong.add(A.weights);
  const { backends, status } = await backendsWithA();
  await backends.hold(opened(A));
  await backends.hold(opened(A));
  assert.deepEqual([started, status.peek().where], [["webgpu", "wasm"], "wasm"]);
  assert.equal(recall(keyOf(A), CAN), null);
  assert.deepEqual(status.peek().calibration.map(({ where, parity }) => [where, parity]), [["webgpu", false]]);
  backends.close();
});

test("where the server fails or is slow, a click waits for this browser's decoder", async () => {
  let start = () => {};
  starts = new Promise((resolve) => (start = resolve));
  const patience = /** @type {number[]} */ ([]);
  const predict = async (/** @type {object} */ _, /** @type {number} */ ms) => {
    patience.push(ms);
    throw new ApiError("no_answer", "It took too long.", "", 0);
  };
  const { backends } = await backendsWithA({ connected: true, predict, ping: async () => 1 });
  const answer = backends.decode(opened(A), { points: [], box: null, feedback: null });
  while (!patience.length) await Promise.resolve();
  assert.ok(patience[0] <= 5000);
  start();
  assert.equal((await answer).where, "webgpu");
  backends.close();
});

test("where this browser cannot decode, the server's failure is the click's", async () => {
  provide({ Worker: undefined });
  const predict = async () => {
    throw new ApiError("image_not_found", "It is gone.", "", 0);
  };
  const { backends } = await backendsWithA({ connected: true, predict });
  await assert.rejects(backends.decode(opened(A), { points: [], box: null, feedback: null }), { code: "image_not_found" });
  backends.close();
});
