import assert from "node:assert/strict";
import { test } from "node:test";

import { candidatesFrom, statistics } from "../../../../static/js/geometry/candidates.js";
import { InputFrame } from "../../../../static/js/geometry/frames.js";
import { maskInput } from "../../../../static/js/geometry/mask-input.js";
import { promptFeeds, promptTokens } from "../../../../static/js/engine/worker/feeds.js";

const frame = new InputFrame(2048, 1024, "longest_side");

/** @type {import("../../../../static/js/core/types.js").Point} */
const click = { x: 300.5, y: 40.5, label: 1 };

test("a padding point is there exactly when there is no box", () => {
  const lone = promptTokens({ points: [click, { x: 10, y: 20, label: 0 }], box: null, feedback: null }, frame);
  assert.deepEqual([...lone.coords], [150.25, 20.25, 5, 10, 0, 0]);
  assert.deepEqual([...lone.labels], [1, 0, -1]);
  const boxed = promptTokens({ points: [click], box: [0, 2, 2048, 1024], feedback: null }, frame);
  assert.deepEqual([...boxed.coords], [150.25, 20.25, 0, 1, 1024, 512]);
  assert.deepEqual([...boxed.labels], [1, 2, 3]);
});

test("only the picture and one token of padding are upscaled", () => {
  const feeds = promptFeeds({ points: [click], box: null, feedback: null }, frame);
  assert.deepEqual([...feeds.token_extent.data], [34, 64]);
  assert.deepEqual(feeds.point_coords.dims, [2, 2]);
  assert.equal(feeds.has_mask_input.data[0], 0);
});

test("logits fed back repeat at the edge of what was decoded", () => {
  const data = Float32Array.from({ length: 32 }, (_, i) => i);
  const lowRes = { width: 8, height: 4, data, resize: frame.resize };
  const full = maskInput(lowRes);
  assert.equal(full.length, 256 * 256);
  assert.deepEqual([...full.subarray(256, 256 + 10)], [8, 9, 10, 11, 12, 13, 14, 15, 15, 15]);
  assert.equal(full[255 * 256], 24);
  assert.equal(full[256 * 256 - 1], 31);
  assert.equal(maskInput(null).some(Boolean), false);
});

test("statistics count only low-res cells of the picture", () => {
  const data = new Float32Array(256 * 132).fill(9); // 128 rows show picture
  data.fill(-9, 0, 256 * 64);
  data.fill(0.5, 0, 256 * 32);
  const { stability, areaFraction } = statistics({ width: 256, height: 132, data, resize: frame.resize }, frame);
  assert.equal(areaFraction, 96 / 128);
  assert.equal(stability, 64 / 96);
});

test("one click is offered three masks, more prompts the single one first", () => {
  const size = { width: 4, height: 4 };
  const tiny = new InputFrame(4, 4, "longest_side");
  const logits = Float32Array.from({ length: 64 }, (_, i) => (i % 16 < 4 * (1 + (i >> 4)) ? 5 : -5));
  const iou = [0.5, 0.9, 0.9, 0.9];
  const one = candidatesFrom(logits, size, iou, { points: [click], box: null, feedback: null }, tiny);
  assert.deepEqual(one.candidates.map(({ token }) => token), [1, 2, 3]);
  assert.equal(one.best, 2, "of equals the largest");
  const boxed = candidatesFrom(logits, size, iou, { points: [], box: [0, 0, 4, 4], feedback: null }, tiny);
  assert.deepEqual(boxed.candidates.map(({ token }) => token), [0, 1, 2, 3]);
  assert.equal(boxed.best, 0);
});
