import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { LocalDecoder } from "../../../../static/js/engine/local/local-decoder.js";
import { LocalKeeper } from "../../../../static/js/engine/local/local-keeper.js";

const { start } = LocalDecoder;
afterEach(() => {
  LocalDecoder.start = start;
});

test("a worker that cannot start rejects with its own error, even if the files fail too", async () => {
  await assert.rejects(LocalDecoder.start("wasm", 1, Promise.reject(new Error("no files"))), /Worker/);
});

test("a decoder that cannot be started is tried again and again, after pauses that grow", async () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  LocalDecoder.start = async (_where, _threads, graphs) => /** @type {any} */ (await graphs);
  let starts = 0;
  const keeper = new LocalKeeper({
    choice: { where: "wasm", threads: 1 },
    graphs: async () => {
      starts += 1;
      throw new Error("Can't reach the server.");
    },
    onChange: () => {},
  });
  await keeper.started;
  assert.deepEqual([starts, keeper.state, keeper.failure], [1, "failed", "Can't reach the server"]);
  for (const [pause, wanted] of [
    [500, 2],
    [2_000, 3],
    [8_000, 4],
    [32_000, 5],
    [60_000, 6],
    [60_000, 7],
  ]) {
    mock.timers.tick(pause - 1);
    await keeper.started;
    assert.equal(starts, wanted - 1);
    mock.timers.tick(1);
    await keeper.started;
    assert.equal(starts, wanted);
  }
  keeper.close();
  mock.timers.reset();
});

test("a grown worker is replaced when it is idle, and stays when its successor cannot be started", async () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const rejected = mock.fn();
  process.on("unhandledRejection", rejected);
  globalThis.document = /** @type {any} */ ({ visibilityState: "visible" });
  let bytes = 0;
  const made = () => ({
    where: "wasm",
    threads: 1,
    closed: false,
    client: { busy: false, settled: Promise.resolve() },
    wasmBytes: async () => bytes,
    close() {
      this.closed = true;
    },
  });
  let graphs = async () => /** @type {any} */ ({});
  LocalDecoder.start = async (_where, _threads, graphs) => /** @type {any} */ ((await graphs) && made());
  const keeper = new LocalKeeper({ choice: { where: "wasm", threads: 1 }, graphs: () => graphs(), onChange: () => {} });
  try {
    await keeper.started;
    const first = /** @type {any} */ (keeper.decoder);
    const beat = async () => {
      mock.timers.tick(5_000);
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    };
    bytes = 1;
    await beat();
    graphs = async () => {
      throw new Error("Can't reach the server.");
    };
    bytes = 200 << 20;
    await beat();
    assert.deepEqual([keeper.decoder, first.closed, keeper.state], [first, false, "ready"]);
    graphs = async () => {
      first.client.busy = true;
      first.client.settled = Promise.resolve().then(() => void (first.client.busy = false));
      return /** @type {any} */ ({});
    };
    bytes = 400 << 20;
    await beat();
    assert.notEqual(keeper.decoder, first);
    assert.equal(first.closed, true);
    mock.timers.reset();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(rejected.mock.callCount(), 0);
  } finally {
    keeper.close();
    process.off("unhandledRejection", rejected);
    Reflect.deleteProperty(globalThis, "document");
    mock.timers.reset();
  }
});
