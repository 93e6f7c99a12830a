/** How much the chosen candidate is like the best other one. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { PREVIOUS, candidatesIou } from "../../../../static/js/document/prompt/answers.js";

/** @param {number} token @param {number} predictedIou @param {readonly number[]} logits */
const candidate = (token, predictedIou, logits) => /** @type {any} */ ({ token, predictedIou, lowRes: { data: Float32Array.from(logits) } });
/** @param {readonly any[]} candidates @param {number} choice */
const answer = (candidates, choice) => /** @type {any} */ ({ decoded: { candidates }, choice });

const half = candidate(1, 0.9, [1, 1, -1, -1]);
const whole = candidate(2, 0.8, [1, 1, 1, 1]);
const corner = candidate(3, 0.7, [1, -1, -1, -1]);

test("the best other one is the one of the highest predicted IoU", () => {
  assert.equal(candidatesIou(answer([corner, half, whole], 1)), 0.5);
  assert.equal(candidatesIou(answer([corner, half, whole], 0)), 0.5);
  assert.equal(candidatesIou(answer([corner, half, whole], 2)), 0.5);
  assert.equal(candidatesIou(answer([corner, whole], 0)), 0.25);
});

test("the mask of before is no candidate, and one alone has none to be like", () => {
  assert.equal(candidatesIou(answer([half, candidate(PREVIOUS, 1, [1, 1, -1, -1])], 0)), null);
  assert.equal(candidatesIou(answer([half, whole, candidate(PREVIOUS, 1, [1, 1, -1, -1])], 0)), 0.5);
  assert.equal(candidatesIou(answer([], 0)), null);
});
