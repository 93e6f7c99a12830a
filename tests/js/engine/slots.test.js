/** One engine for several documents: each has its answers, and they change over to another segmenter together. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, Superseded } from "../../../static/js/core/errors.js";
import { signal } from "../../../static/js/core/signals.js";
import { IDLE, status } from "../../../static/js/core/state.js";
import { createEngine } from "../../../static/js/engine/engine.js";
import { deflate, packLogits } from "../../../static/js/net/logits.js";
import { FIRST, INCLUDE, OTHER } from "../document/prompt/desk.js";

/** @typedef {import("../../../static/js/core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../../../static/js/core/types.js").Work} Work */

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
const prompt = { points: [INCLUDE], box: null, feedback: null };
const hover = /** @type {const} */ ({ priority: "hover" });

/** Encoded with the first segmenter. @param {string} id */
const picture = (id) =>
  /** @type {ImageInfo} */ (/** @type {unknown} */ ({ id, sha256: id, width: 64, height: 64, embedding: { weights: "first", state: "ready" } }));

/**
 * A server that decodes, slowly: each request is answered by hand, with logits that tell its image.
 * @param {string} [search]  of the page's address
 */
async function world(search = "?decoder=server") {
  /** @type {Array<{image: string, answer: () => void}>} */
  const requests = [];
  /** @type {string[]} */
  const left = [];
  /** until: when an image is encoded with another segmenter */
  const state = { fails: "", until: /** @type {Record<string, Promise<void>>} */ ({}) };
  const logitsOf = async (/** @type {string} */ image) => {
    const value = image.length; // "a" and "bb"
    return deflate(packLogits({ count: 4, width: 256, height: 256, data: new Float32Array(4 << 16).fill(value) }));
  };
  const [a, b] = await Promise.all(["a", "bb"].map(logitsOf));
  const four = [0.5, 0.6, 0.7, 0.8];
  const socket = {
    connected: true,
    on: () => () => {},
    left: () => {},
    unwatch: (/** @type {string} */ image) => void left.push(image),
    async watch(/** @type {string} */ image) {
      await state.until[image];
      if (state.fails === image) throw new ApiError("no", "No.", "", 0);
      return { state: "ready" };
    },
    predict: (/** @type {{image: string, segmenter: string}} */ { image, segmenter }) =>
      new Promise((resolve) => {
        const said = { predicted_iou: four, stability_score: four, area_fraction: four, agreement: four, segmenter, weights: segmenter };
        requests.push({ image, answer: () => resolve({ ...said, logits: image === "a" ? a : b }) });
      }),
  };
  const api = {
    async encode() {
      throw new ApiError("encoding_failed", "No.", "", 500);
    },
    download: () => new Promise(() => {}),
    embedding: () => new Promise(() => {}),
  };
  const boot = { version: "1", segmenters: [FIRST, OTHER], segmenter: "first" };
  const engine = createEngine(/** @type {any} */ ({ api, socket, boot, status, search }));
  const seats = ["a", "bb"].map((id) => {
    const work = signal(/** @type {Work} */ (IDLE));
    return { id, work, slot: engine.slot(work) };
  });
  for (const { id, slot } of seats) {
    const ready = slot.open(picture(id));
    if (search) await ready;
    else ready.catch(() => {}); // closed on the way
  }
  return { engine, seats, requests, left, state };
}

/** What tells of which image an answer is. @param {Promise<import("../../../static/js/core/types.js").Decoded>} decoded */
const markOf = async (decoded) => Math.round((await decoded).candidates[0].lowRes.data[0]);

test("an answer goes to the document that asked; a hover is overtaken by its own document's alone", async () => {
  const { engine, seats, requests } = await world();
  const [one, other] = seats.map(({ slot }) => slot);
  const answers = [one.decode(prompt), other.decode(prompt, hover), one.decode(prompt, hover)];
  const overtaken = one.decode(prompt, hover);
  await assert.rejects(answers[2], Superseded);
  for (let i = 0; i < 3; i++) {
    while (requests.length <= i) await turn();
    requests[i].answer();
  }
  assert.deepEqual(await Promise.all([answers[0], answers[1], overtaken].map(markOf)), [1, 2, 1]);
  engine.close();
});

test("opening another image in one gives up nothing of the other, and keeps hearing of what both show", async () => {
  const { engine, seats, requests, left } = await world();
  const [one, other] = seats.map(({ slot }) => slot);
  const running = one.decode(prompt);
  const waiting = [one.decode(prompt), other.decode(prompt)];
  await one.open(picture("bb"));
  await assert.rejects(waiting[0], Superseded);
  while (!requests.length) await turn();
  requests[0].answer();
  assert.equal(await markOf(running), 1);
  while (requests.length < 2) await turn();
  requests[1].answer();
  assert.equal(await markOf(waiting[1]), 2);
  await one.open(picture("a"));
  assert.deepEqual(left, ["a"]);
  other.close();
  assert.deepEqual(left, ["a", "bb"]);
  await assert.rejects(other.decode(prompt), { code: "no_image" });
  engine.close();
});

test("another segmenter takes over in all at once, when the last image is ready for it, or closed", async () => {
  for (const ends of ["ready", "closed"]) {
    const { engine, seats, state } = await world();
    let encoded = () => {};
    state.until.bb = new Promise((resolve) => (encoded = resolve));
    const using = engine.use("other");
    await turn();
    const { inUse, next } = engine.segmenters.peek();
    assert.deepEqual([inUse.id, next?.id], ["first", "other"]);
    if (ends === "ready") encoded();
    else seats[1].slot.close();
    await using;
    assert.deepEqual([engine.segmenters.peek().inUse.id, engine.segmenters.peek().next], ["other", null]);
    assert.equal(seats[0].work.peek().phase, "ready");
    engine.close();
  }
});

test("a segmenter that one image cannot have takes over in none; the present one goes on", async () => {
  const { engine, seats, state, requests } = await world();
  state.fails = "bb";
  await assert.rejects(engine.use("other"), { code: "encoding_failed" });
  const { inUse, next, failure } = engine.segmenters.peek();
  assert.deepEqual([inUse.id, next, failure?.segmenter.id], ["first", null, "other"]);
  assert.deepEqual(seats.map(({ work }) => work.peek().phase), ["ready", "ready"]);
  const answer = seats[0].slot.decode(prompt);
  while (!requests.length) await turn();
  requests[0].answer();
  assert.equal((await answer).segmenter, FIRST);
  engine.close();
});

test("while what decodes here is on its way the server answers", async () => {
  const worker = globalThis.Worker;
  const started = /** @type {EventTarget[]} */ ([]);
  globalThis.Worker = /** @type {any} */ (
    class extends EventTarget {
      constructor() {
        super();
        started.push(this);
      }
      postMessage() {} // never ready
      terminate() {}
    }
  );
  try {
    const { engine, seats, requests } = await world("");
    const [{ slot, work }] = seats;
    while (!slot.answering.peek()) await turn();
    assert.equal(work.peek().phase, "downloading");
    const answer = slot.decode(prompt);
    while (!requests.length) await turn();
    requests[0].answer();
    assert.equal((await answer).where, "server");
    engine.close();
  } finally {
    for (const each of started) each.dispatchEvent(new Event("error"));
    globalThis.Worker = worker;
  }
});
