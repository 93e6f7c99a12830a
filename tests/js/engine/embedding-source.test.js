import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../static/js/core/errors.js";
import { createEmbeddingSource } from "../../../static/js/engine/embedding-source.js";
import { FIRST } from "../document/prompt/desk.js";

/** @typedef {import("../../../static/js/core/types.js").EmbeddingInfo} EmbeddingInfo */
/** @typedef {Parameters<typeof createEmbeddingSource>[0]} Parts */

const segmenter = { ...FIRST, id: "s", weights: "w", encoder: "s", encoding: "w" };
const other = { ...segmenter, id: "t", weights: "x", encoder: "t", encoding: "x" };
const trained = { ...segmenter, id: "mine", weights: "y" }; // the encoder of the first one

/** @param {Partial<EmbeddingInfo>} change @returns {EmbeddingInfo} */
const info = (change) => ({
  segmenter: "s",
  weights: "w",
  state: "none",
  position: null,
  seconds_left: null,
  window: null,
  bytes: null,
  url: "",
  error: null,
  ...change,
});

/** A server that is told what to say, and what was asked of it. @param {EmbeddingInfo} watched */
function world(watched) {
  const bytes = new ArrayBuffer(8);
  const asked = /** @type {string[]} */ ([]);
  const handlers = /** @type {Map<string, (news: unknown) => void>} */ (new Map());
  const cached = /** @type {Map<string, ArrayBuffer>} */ (new Map());
  const parts = /** @type {Parts} */ (
    /** @type {unknown} */ ({
      api: {
        async encode(/** @type {string} */ _, /** @type {string} */ id) {
          asked.push(`encode ${id}`);
          return info({ state: "queued", position: 3 });
        },
        async embedding(/** @type {string} */ _, /** @type {{segmenter: string, weights: string}} */ key) {
          asked.push(`fetch ${key.segmenter} ${key.weights}`);
          return { state: "ready", bytes };
        },
      },
      socket: {
        async watch(/** @type {string} */ _, /** @type {string} */ id) {
          asked.push(`watch ${id}`);
          return id === watched.segmenter ? watched : info({ segmenter: id });
        },
        left: (/** @type {string} */ id) => void asked.push(`left ${id}`),
        /** @param {string} event @param {(news: unknown) => void} handler */
        on(event, handler) {
          handlers.set(event, handler);
          return () => handlers.delete(event);
        },
      },
      cache: {
        get: async (/** @type {string} */ key) => cached.get(key) ?? null,
        put: async (/** @type {string} */ key, /** @type {ArrayBuffer} */ value) => void cached.set(key, value),
        drop: async (/** @type {string} */ key) => void cached.delete(key),
      },
    })
  );
  const image = /** @type {import("../../../static/js/core/types.js").ImageInfo} */ (
    /** @type {unknown} */ ({ id: "i", sha256: "sha", embedding: watched })
  );
  /** @param {string} event @param {Partial<EmbeddingInfo>} change */
  const tell = async (event, change) => {
    await new Promise((resolve) => setImmediate(resolve));
    handlers.get(event)?.({ image: "i", ...info(change) });
  };
  return { source: createEmbeddingSource(parts), image, asked, tell, cached, bytes, handlers };
}

test("an embedding is asked for, waited for, fetched once, and kept", async () => {
  const { source, image, asked, tell, bytes, handlers } = world(info({ state: "none" }));
  const phases = /** @type {unknown[]} */ ([]);
  const { signal } = new AbortController();
  const loading = source.load(image, segmenter, ({ phase, position }) => phases.push([phase, position]), signal);
  await tell("embedding:progress", { state: "running" });
  await tell("embedding:ready", { state: "ready" });
  assert.equal(await loading, bytes);
  assert.deepEqual(phases, [["queued", 3], ["encoding", null], ["downloading", undefined]]);
  assert.deepEqual(asked, ["watch s", "encode s", "fetch s w"]);
  assert.equal(handlers.size, 0, "nobody listens any more");
  assert.equal(await source.load(image, segmenter, () => {}, signal), bytes);
  assert.deepEqual(asked, ["watch s", "encode s", "fetch s w"]);
});

test("what is ready is only fetched; what was damaged is fetched again", async () => {
  const { source, image, asked, cached } = world(info({ state: "ready" }));
  const { signal } = new AbortController();
  await source.load(image, segmenter, () => {}, signal);
  assert.deepEqual([...cached.keys()], ["sha/s/w"]);
  await source.drop(image, segmenter);
  await source.load(image, segmenter, () => {}, signal);
  assert.deepEqual(asked, ["fetch s w", "fetch s w"]);
});

test("a failed encoding is that error", async () => {
  const { source, image, tell } = world(info({ state: "running" }));
  const loading = source.load(image, segmenter, () => {}, new AbortController().signal);
  const refused = assert.rejects(loading, (error) => error instanceof ApiError && error.code === "no_memory");
  await tell("embedding:failed", { state: "failed", error: { code: "no_memory", message: "Too large.", hint: "" } });
  await refused;
});

test("opening another image ends the wait", async () => {
  const { source, image } = world(info({ state: "running" }));
  const aborter = new AbortController();
  const loading = source.load(image, segmenter, () => {}, aborter.signal);
  const ended = assert.rejects(loading, { name: "AbortError" });
  await new Promise((resolve) => setImmediate(resolve));
  aborter.abort();
  await ended;
});

test("an image that is left before the server was asked is not asked for, and one left meanwhile is told of again", async () => {
  const { source, image, asked } = world(info({ state: "none" }));
  const load = async (/** @type {number} */ turns) => {
    const aborter = new AbortController();
    const ended = assert.rejects(source.load(image, segmenter, () => {}, aborter.signal), { name: "AbortError" });
    while (asked.length < turns) await Promise.resolve();
    aborter.abort();
    await ended;
  };
  await load(1);
  assert.deepEqual(asked, ["watch s"]);
  await load(3);
  assert.deepEqual(asked, ["watch s", "watch s", "encode s", "left i"]);
});

test("an embedding of another segmenter is another one: asked for, told of and kept by its own name", async () => {
  const { source, image, asked, tell, cached } = world(info({ state: "ready" }));
  const { signal } = new AbortController();
  const loading = source.load(image, other, () => {}, signal);
  let done = false;
  void loading.then(() => (done = true));
  await tell("embedding:ready", { state: "ready" }); // of the first one
  await tell("embedding:progress", { state: "running", segmenter: "t", weights: "x" });
  assert.equal(done, false);
  await tell("embedding:ready", { state: "ready", segmenter: "t", weights: "x" });
  await loading;
  await source.load(image, segmenter, () => {}, signal);
  assert.deepEqual([...cached.keys()], ["sha/t/x", "sha/s/w"]);
  assert.deepEqual(asked, ["watch t", "encode t", "fetch t x", "fetch s w"]);
});

test("what one segmenter has got, another with its encoder asks for no more", async () => {
  const { source, image, asked, cached, bytes } = world(info({ state: "ready" }));
  const { signal } = new AbortController();
  assert.equal(await source.load(image, trained, () => {}, signal), bytes);
  assert.equal(await source.load(image, segmenter, () => {}, signal), bytes);
  assert.equal(await source.fetchAhead(image, trained, signal), true);
  assert.deepEqual([[...cached.keys()], asked], [["sha/s/w"], ["fetch s w"]]);
});

test("one that shares an encoder hears of what is made for another", async () => {
  const { source, image, asked, tell, bytes } = world(info({ state: "none" }));
  const loading = source.load(image, trained, () => {}, new AbortController().signal);
  await tell("embedding:ready", { state: "ready" }); // told under the first one's id
  assert.equal(await loading, bytes);
  assert.deepEqual(asked, ["watch mine", "encode mine", "fetch s w"]);
});

test("a window is asked for, and kept beside the whole image", async () => {
  const { source, image, asked, tell, cached, bytes } = world(info({ state: "ready" }));
  const within = { key: "1-0-2", x: 0, y: 0, width: 9, height: 9 };
  const { signal } = new AbortController();
  const loading = source.load(image, segmenter, () => {}, signal, within);
  await tell("embedding:ready", { state: "ready", window: within.key });
  assert.equal(await loading, bytes);
  assert.deepEqual(asked, ["encode s", "fetch s w"]);
  assert.deepEqual([...cached.keys()], ["sha/s/w/1-0-2"]);
  await source.load(image, segmenter, () => {}, signal, within);
  assert.equal(asked.length, 2);
  await source.load(image, segmenter, () => {}, signal);
  assert.deepEqual([...cached.keys()], ["sha/s/w/1-0-2", "sha/s/w"]);
});

test("a window that is being made is waited for by its own news", async () => {
  const { source, image, asked, tell } = world(info({ state: "ready" }));
  const within = { key: "1-0-2", x: 0, y: 0, width: 9, height: 9 };
  let done = false;
  const making = source.made(image, segmenter, () => {}, new AbortController().signal, within).then(() => void (done = true));
  await tell("embedding:ready", { state: "ready" }); // of the whole image
  await tell("embedding:ready", { state: "ready", window: "1-0-1" });
  await tell("embedding:progress", { state: "running", window: within.key });
  assert.equal(done, false);
  await tell("embedding:ready", { state: "ready", window: within.key });
  await making;
  assert.deepEqual(asked, ["encode s"]);
});
