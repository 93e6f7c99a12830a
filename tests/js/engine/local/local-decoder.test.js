import assert from "node:assert/strict";
import { test } from "node:test";

import { LocalDecoder } from "../../../../static/js/engine/local/local-decoder.js";

/** A worker that holds what it is given, and what it was asked. */
function world() {
  const asked = /** @type {string[]} */ ([]);
  const client = {
    async request(/** @type {string} */ type, /** @type {any} */ payload) {
      asked.push(type);
      await Promise.resolve();
      if (type === "load") return { warmMs: null, loaded: [payload.weights] };
      if (type === "measure") return { ms: 30 };
      return { held: [payload.key] };
    },
  };
  return { asked, decoder: new LocalDecoder(/** @type {any} */ (client), "wasm", 1) };
}

/** @param {() => Promise<ArrayBuffer>} container */
const image = (container) => ({
  key: "k",
  weights: "w",
  encoding: "w",
  width: 1,
  height: 1,
  graphs: async () => /** @type {any} */ ({ weights: "w" }),
  container,
  damaged: async () => {},
});

test("who opens an image again is not failed by the visit before, which was given up", async () => {
  const { asked, decoder } = world();
  let leave = (/** @type {Error} */ _) => {};
  const left = decoder.hold(image(() => new Promise((_, reject) => void (leave = reject))));
  await new Promise((resolve) => setImmediate(resolve));
  const again = decoder.hold(image(async () => new ArrayBuffer(8)));
  leave(new DOMException("left", "AbortError"));
  await assert.rejects(left, { name: "AbortError" });
  await again;
  assert.deepEqual([[...decoder.held], asked], [["k"], ["load", "embedding"]]);
});

test("two who ask for one image, or one segmenter, have it given once", async () => {
  const { asked, decoder } = world();
  const one = image(async () => new ArrayBuffer(8));
  await Promise.all([decoder.hold(one), decoder.hold(one), decoder.load(await one.graphs())]);
  assert.deepEqual(asked, ["load", "embedding"]);
});

test("how long a decode takes is known from an earlier visit or the first decode; until then it may take its time", async () => {
  const { asked, decoder } = world();
  await decoder.load(/** @type {any} */ ({ weights: "known" }), 47);
  assert.deepEqual([decoder.speed("known")?.ms, decoder.limitMs], [47, 2000]);
  await decoder.load(/** @type {any} */ ({ weights: "new" }));
  assert.deepEqual([decoder.speed("new")?.ms, asked], [null, ["load", "load"]]);
  assert.ok(decoder.limitMs >= 10_000);
});
