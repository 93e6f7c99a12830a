import assert from "node:assert/strict";
import { test } from "node:test";

import { calibrationKey, firstGuess, threadSteps } from "../../../static/js/engine/local/calibration.js";
import { chooseSide } from "../../../static/js/engine/policy.js";

/** @typedef {import("../../../static/js/engine/policy.js").Situation} Situation */

/**
 * @param {Partial<Situation['local']>} local @param {Partial<Situation['server']>} server
 * @param {Partial<Situation>} rest
 */
function side(local = {}, server = {}, rest = {}) {
  return chooseSide({
    forced: null,
    current: null,
    local: { state: "ready", where: "wasm", threads: 2, ms: 50, failure: "", ...local },
    server: { reachable: true, ms: null, ...server },
    ...rest,
  });
}

test("a browser that is quick enough keeps its clicks", () => {
  assert.equal(side().side, "local");
  assert.equal(side({ ms: 90 }, { ms: 10 }).side, "local");
});

test("the server helps where the browser cannot, cannot yet, or no longer can", () => {
  assert.equal(side({ state: "none" }).side, "server");
  assert.equal(side({ state: "loading" }).side, "server");
  const failed = side({ state: "failed", failure: "out of memory" });
  assert.equal(failed.side, "server");
  assert.match(failed.reason, /out of memory/);
});

test("without a server a decoder that loads is waited for", () => {
  assert.equal(side({ state: "loading" }, { reachable: false }).side, "local");
  assert.equal(side({ ms: 900 }, { reachable: false, ms: 20 }).side, "local");
});

test("moving to a quicker server and back takes a clear difference", () => {
  assert.equal(side({ ms: 400 }, { ms: 300 }).side, "local");
  assert.equal(side({ ms: 400 }, { ms: 200 }).side, "server");
  assert.equal(side({ ms: 400 }, { ms: 300 }, { current: "server" }).side, "server");
  assert.equal(side({ ms: 200 }, { ms: 300 }, { current: "server" }).side, "local");
  assert.equal(side({ ms: 80 }, { ms: 60 }, { current: "server" }).side, "local");
});

test("a choice is obeyed while it can be", () => {
  assert.equal(side({}, {}, { forced: "server" }).side, "server");
  assert.match(side({}, { reachable: false }, { forced: "server" }).reason, /can't be reached. Choose Automatic/);
  assert.equal(side({ ms: 900 }, { ms: 20 }, { forced: "wasm" }).side, "local");
  assert.equal(side({ state: "loading" }, {}, { forced: "wasm" }).side, "local");
  assert.equal(side({ state: "failed" }, {}, { forced: "wasm" }).side, "server");
});

test("threads are tried in doublings up to all there are", () => {
  assert.deepEqual(threadSteps(1), [1]);
  assert.deepEqual(threadSteps(2), [1, 2]);
  assert.deepEqual(threadSteps(6), [1, 2, 4, 6]);
  assert.deepEqual(firstGuess(16), { where: "wasm", threads: 4 });
  assert.deepEqual(firstGuess(1), { where: "wasm", threads: 1 });
});

test("a calibration belongs to one version, decoder and browser", () => {
  const can = { worker: true, threads: 8, webgpu: false };
  const key = calibrationKey("1.0", "a".repeat(64), can, "Firefox");
  assert.notEqual(key, calibrationKey("1.1", "a".repeat(64), can, "Firefox"));
  assert.notEqual(key, calibrationKey("1.0", "b".repeat(64), can, "Firefox"));
  assert.notEqual(key, calibrationKey("1.0", "a".repeat(64), { ...can, threads: 4 }, "Firefox"));
  assert.notEqual(key, calibrationKey("1.0", "a".repeat(64), can, "Chrome"));
});
