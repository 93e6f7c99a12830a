import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { createApi } from "../../../static/js/net/api.js";
import { createEmbeddingCache } from "../../../static/js/net/embedding-cache.js";
import { patiently } from "../../../static/js/net/transfers.js";

const never = () => new Promise(() => {});
const breathe = async () => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};

/** @param {() => Promise<void>} work */
async function withoutClock(work) {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    await work();
  } finally {
    mock.timers.reset();
  }
}

test("a save that is not answered in 20 seconds, or whose answer stops half-way, is the connection's failure", async () => {
  const halfWay = async () => new Response(new ReadableStream({ start: (body) => body.enqueue(new Uint8Array([123])) }));
  for (const fetch of [never, halfWay])
    await withoutClock(async () => {
      const api = createApi({ fetch: /** @type {any} */ (fetch) });
      const saved = api.updateAnnotation("a", "p", { version: 1 }).catch((error) => error);
      await breathe();
      mock.timers.tick(20_000);
      assert.deepEqual([(await saved).code, (await saved).status], ["unreachable", 0]);
    });
});

test("a download lives as long as bytes arrive", async () => {
  await withoutClock(async () => {
    let body = /** @type {any} */ (null);
    const fetch = async () => new Response(new ReadableStream({ start: (controller) => void (body = controller) }));
    const download = createApi({ fetch: /** @type {any} */ (fetch) }).download("/x");
    for (let piece = 0; piece < 3; piece++) {
      await breathe();
      mock.timers.tick(59_000);
      body.enqueue(new Uint8Array([piece]));
    }
    body.close();
    assert.equal((await download).byteLength, 3);
  });
});

test("whoever asked may give up, and is told of that and not of the server", async () => {
  const asker = new AbortController();
  const work = patiently(never, 1000, asker.signal);
  asker.abort();
  await assert.rejects(work, { name: "AbortError" });
  await assert.rejects(patiently(never, 1000, asker.signal), { name: "AbortError" });
});

test("storage that opens and never answers makes the cache smaller, not silent", async () => {
  const request = () => ({});
  const store = { get: request, getAll: request, put: request, delete: request };
  const db = { transaction: () => ({ objectStore: () => store }) };
  globalThis.indexedDB = /** @type {any} */ ({
    open() {
      const opening = { result: db, onsuccess: () => {} };
      queueMicrotask(() => opening.onsuccess());
      return opening;
    },
  });
  await withoutClock(async () => {
    const cache = createEmbeddingCache();
    const missing = cache.get("a");
    await breathe();
    mock.timers.tick(3_000);
    assert.equal(await missing, null);
    await cache.put("a", new ArrayBuffer(4)); // at once: storage is left alone for a while
    assert.equal((await cache.get("a"))?.byteLength, 4);
    assert.equal(await cache.get("b"), null);
    await cache.drop("a");
    assert.equal(await cache.get("a"), null);
  });
  Reflect.deleteProperty(globalThis, "indexedDB");
});
