import assert from "node:assert/strict";
import { test } from "node:test";

import { mostOf, roundsOf } from "../../../../../static/js/pages/project/training/gains.js";

const figures = (/** @type {number} */ first) => ({ miou: [first], noc_85: null, noc_90: null, box: null, boundary: null });
/** @param {string} id @param {string} segmenter @param {number|null} gain */
const training = (id, segmenter, gain) => /** @type {import("../../../../../static/js/core/api-types.js").Training} */ (/** @type {unknown} */ ({ id, segmenter, result: gain === null ? null : { before: figures(0.5), after: figures(0.5 + gain) } }));

test("rounds are counted by segmenter from the first one on, and what came to no result is none", () => {
  const newest = [training("e", "a", null), training("d", "a", 0.25), training("c", "b", 0.125), training("b", "a", null), training("a", "a", -0.5)];
  assert.deepEqual(
    roundsOf(newest).map(({ training: { id }, number }) => [id, number]),
    [["a", 1], ["c", 1], ["d", 2]],
  );
  assert.equal(mostOf(newest), 0.5);
  assert.equal(mostOf([]), 0.01);
});
