import assert from "node:assert/strict";
import { test } from "node:test";

import { certaintyOf, createOrder, leastCertainFirst } from "../../../../static/js/document/objects/order.js";
import { signal } from "../../../../static/js/core/signals.js";
import { annotation } from "../server.js";

/** @typedef {import("../../../../static/js/core/types.js").Annotation} Annotation */

/** @param {string} id @param {number|null} iou @param {number|null} [stability] @param {number|null} [candidates] */
const scored = (id, iou, stability = null, candidates = null) =>
  annotation({ id, predicted_iou: iou, stability_score: stability, candidates_iou: candidates });
const ids = (/** @type {readonly Annotation[]} */ list) => list.map(({ id }) => id);
const always = () => true;

test("a mask is as certain as the lowest score that is known; how alike its rivals are counts half", () => {
  assert.equal(certaintyOf(scored("a", 0.9, 0.8)), 0.8);
  assert.equal(certaintyOf(scored("a", 0.9, 0.95, 0.4)), 0.7);
  assert.equal(certaintyOf(scored("a", null)), null);
});

test("the least certain come first, those of which nothing is known last, and of equals the uppermost", () => {
  const list = [scored("hand", null), scored("sure", 0.95), scored("below", 0.7), scored("above", 0.7), scored("unsure", 0.6)];
  assert.deepEqual(ids(leastCertainFirst(list, new Map(), always)), ["unsure", "above", "below", "sure", "hand"]);
});

test("what the server knows counts for what it knows, and no longer for what was changed here since", () => {
  const list = [scored("a", 0.9), scored("b", 0.8)];
  const told = new Map([["a", { id: "a", version: 1, certainty: 0.5 }]]);
  assert.deepEqual(ids(leastCertainFirst(list, told, always)), ["a", "b"]);
  assert.deepEqual(ids(leastCertainFirst(list, told, (id) => id !== "a")), ["b", "a"]);
  const older = new Map([["a", { id: "a", version: 0, certainty: 0.5 }]]);
  assert.deepEqual(ids(leastCertainFirst(list, older, always)), ["b", "a"]);
});

test("the server is asked once the order is wanted, and again when an object has another version", async () => {
  const all = signal(/** @type {readonly Annotation[]} */ ([scored("a", 0.9), scored("b", 0.8)]));
  /** @type {string[]} */
  const asked = [];
  const answer = [{ id: "a", version: 1, certainty: 0.5 }];
  const certainty = async (/** @type {string} */ project, /** @type {string} */ image) => (asked.push(`${project}/${image}`), answer);
  const place = () => ({ project: "p", image: "i", layer: undefined });
  const order = createOrder({ api: { certainty }, all, unsaved: signal(new Map()), place });
  assert.deepEqual(ids(order.listed.value), ["b", "a"]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(asked, []);

  order.byCertainty.value = true;
  assert.deepEqual(ids(order.listed.value), ["b", "a"]); // by what is known here
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(asked, ["p/i"]);
  assert.deepEqual(ids(order.listed.value), ["a", "b"]);

  all.value = [annotation({ ...all.peek()[0], version: 2 }), all.peek()[1]];
  assert.deepEqual(ids(order.listed.value), ["b", "a"]);
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.deepEqual(asked, ["p/i", "p/i"]);
});

test("without a server the order is by what is known here", async () => {
  const all = signal(/** @type {readonly Annotation[]} */ ([scored("a", 0.9), scored("b", 0.95)]));
  const certainty = () => Promise.reject(new Error("away"));
  const order = createOrder({ api: { certainty }, all, unsaved: signal(new Map()), place: () => ({ project: "p", image: "i", layer: undefined }) });
  order.byCertainty.value = true;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(ids(order.listed.value), ["a", "b"]);
});
