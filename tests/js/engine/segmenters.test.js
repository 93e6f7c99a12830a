import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { knownMs, recall, remember } from "../../../static/js/engine/local/calibration.js";
import { createGraphSource } from "../../../static/js/engine/graphs.js";
import { firstSegmenter, rememberSegmenter } from "../../../static/js/engine/remembered.js";
import { syntheticTensors } from "../../../static/js/engine/worker/synthetic.js";
import { baseOf, lineageOf } from "../../../static/js/pages/shared/lineage.js";
import { factsOf } from "../../../static/js/pages/annotate/header/picker.js";
import { FIRST } from "../document/prompt/desk.js";

const [A, B, C] = ["a", "b", "c"].map((id) => ({
  ...FIRST,
  id,
  weights: id.repeat(64),
  prepare: { url: `/${id}/prepare`, bytes: 300_000 },
  decoder: { url: `/${id}/decoder`, bytes: 8_000_000 },
}));

/** What a browser stores by name, as an object whose keys are the names. */
class Storage {
  /** @param {string} name */
  getItem(name) {
    return /** @type {Record<string, string>} */ (/** @type {unknown} */ (this))[name] ?? null;
  }
  /** @param {string} name @param {string} value */
  setItem(name, value) {
    Object.assign(this, { [name]: value });
  }
  /** @param {string} name */
  removeItem(name) {
    Reflect.deleteProperty(this, name);
  }
}

beforeEach(() => {
  Object.defineProperty(globalThis, "localStorage", { value: new Storage(), configurable: true });
});

test("the address goes before what was chosen, that before the server's; none of it need be installed", () => {
  const installed = [A, B, C];
  assert.equal(firstSegmenter(installed, "b", ""), B);
  rememberSegmenter("c");
  assert.equal(firstSegmenter(installed, "b", ""), C);
  assert.equal(firstSegmenter(installed, "b", "?segmenter=a"), A);
  assert.equal(firstSegmenter(installed, "b", "?segmenter=x"), C);
  assert.equal(firstSegmenter([A, B], "b", ""), B);
  assert.equal(firstSegmenter([A], "b", ""), A);
});

test("storage that is forbidden changes nothing", () => {
  const forbidden = { get: () => assert.fail("forbidden"), configurable: true };
  Object.defineProperty(globalThis, "localStorage", forbidden);
  rememberSegmenter("c");
  assert.equal(firstSegmenter([A, B], "b", ""), B);
});

test("each segmenter has a calibration of its own, and outdated ones are cleared away", () => {
  const can = { worker: true, threads: 4, webgpu: false };
  const rows = [{ where: /** @type {const} */ ("wasm"), threads: 2, ms: 31, parity: null, note: "" }];
  remember("one", { where: "wasm", threads: 2, rows });
  remember("two", { where: "wasm", threads: 4, rows });
  assert.equal(recall("one", can)?.threads, 2);
  assert.equal(knownMs(recall("one", can)), 31);
  assert.equal(knownMs(recall("two", can)), null, "that choice was not measured");
  assert.equal(knownMs(null), null);
  localStorage.setItem("samphire.calibration.old", JSON.stringify({ where: "wasm", threads: 1, rows, measured: 1 }));
  localStorage.setItem("samphire.calibration.broken", "{");
  remember("one", null);
  assert.deepEqual(Object.keys(localStorage), ["samphire.calibration.two"]);
});

test("a decoder is fetched once; of many the latest two are kept, and a failure is not", async () => {
  /** @type {string[]} */
  const asked = [];
  let fails = false;
  const api = /** @type {import("../../../static/js/net/api.js").Api} */ (
    /** @type {unknown} */ ({
      async download(/** @type {string} */ url) {
        asked.push(url);
        if (fails) throw new Error("Can't reach the server.");
        return new ArrayBuffer(4);
      },
    })
  );
  const graphs = createGraphSource({ api, onProgress: () => {} });
  const first = await graphs(A);
  assert.deepEqual([first.weights, first.resize, first.decoder.length], [A.weights, "longest_side", 4]);
  assert.equal(await graphs(A), first);
  assert.equal(asked.length, 2);
  await graphs(B);
  await graphs(A); // used again: B is the older now
  await graphs(C);
  assert.equal(asked.length, 6);
  await graphs(A);
  assert.equal(asked.length, 6);
  fails = true;
  await assert.rejects(graphs(B));
  fails = false;
  await graphs(B);
  assert.equal(asked.length, 10);
});

test("a made-up embedding has the tensors that are asked for", () => {
  const tensors = syntheticTensors({ image_tokens: [4096, 256], full_features: [65536, 32] });
  assert.deepEqual(Object.keys(tensors), ["image_tokens", "full_features"]);
  assert.deepEqual(tensors.full_features.shape, [65536, 32]);
  for (const { shape, data } of Object.values(tensors)) {
    assert.equal(data.length, shape[0] * shape[1]);
    assert.ok(data.every((value) => Math.abs(value) < 0.2));
  }
});

test("where a trained one comes from is said by name, as far as it is known", () => {
  const from = { segmenter: "a", images: 40, objects: 123, at: "2030-01-02T03:04:05Z" };
  const trained = { ...B, trained_from: from };
  const titled = { ...A, title: "MobileSAM" };
  assert.equal(lineageOf(trained, [titled, trained]), "Trained from MobileSAM on 40 images");
  assert.equal(baseOf(trained, [titled, trained]), titled);
  assert.equal(lineageOf({ ...B, trained_from: { ...from, images: 1 } }, [titled]), "Trained from MobileSAM on 1 image");
  assert.equal(lineageOf({ ...B, trained_from: { ...from, images: null } }, []), "Trained from a");
  assert.equal(baseOf(trained, [trained]), null);
  assert.equal(lineageOf(A, [A]), "");
  assert.equal(baseOf(A, [A, { ...C, id: "undefined" }]), null);
});

test("what is not measured is said to be so", () => {
  const facts = Object.fromEntries(factsOf({ ...A, encoder_bytes: 28_085_517, licence: "MIT" }, undefined));
  assert.deepEqual(facts, {
    Encoder: "28 MB, not measured yet",
    Decoder: "8.3 MB, not measured yet",
    Quality: "not measured yet",
    Licence: "MIT",
  });
  const quality = { dataset: "Berkeley", objects: 100, one_click: 0.7312, best_of_three: 0.82, box: 0.9 };
  const known = Object.fromEntries(factsOf({ ...A, encoder_seconds: 1.24, quality }, 41.3));
  assert.equal(known.Encoder, "0.0 MB, 1.2 s per image on the server");
  assert.equal(known.Decoder, "8.3 MB, 41 ms per mask in this browser");
  assert.equal(known.Quality, "IoU 0.73 with one click on Berkeley (100 objects)");
});
