import assert from "node:assert/strict";
import { test } from "node:test";

import { rleOf } from "../../../../static/js/geometry/region.js";
import { wordsFor } from "../../../../static/js/document/prompt/refining.js";
import { createSeeds, logitsOf } from "../../../../static/js/document/prompt/seeds.js";
import { EXCLUDE, FIRST, INCLUDE, OTHER, desk } from "./desk.js";
import { annotation } from "../server.js";

/** A box as the mask of a picture of 512 x 256. */
const BOX = rleOf({ x: 128, y: 64, width: 128, height: 64, data: new Uint8Array(128 * 64).fill(1) }, 512, 256);

/** @type {(object: import("../server.js").Annotation, segmenter: typeof FIRST) => [typeof object, typeof segmenter]} */
const pair = (object, segmenter) => [object, segmenter];

test("a mask becomes logits: sure inside and outside, nothing at its border, in the cells of the picture", () => {
  const { width, height, data } = logitsOf(BOX.rle, "longest_side");
  assert.deepEqual([width, height], [256, 128]);
  const at = (/** @type {number} */ x, /** @type {number} */ y) => data[y * width + x];
  assert.deepEqual([at(96, 48), at(10, 10)], [6, -6]);
  assert.deepEqual([Math.round(at(64, 48)), Math.round(at(63, 48))], [2, -2]); // where it begins
  const inside = data.filter((logit) => logit > 0).length;
  assert.ok(Math.abs(inside - 64 * 32) <= 4, String(inside));
  const squeezed = logitsOf(BOX.rle, "square");
  assert.deepEqual([squeezed.width, squeezed.height], [256, 256]);
  assert.ok(Math.abs(squeezed.data.filter((logit) => logit > 0).length - 64 * 64) <= 4);
});

test("logits are made when they are needed, in the segmenter's frame, and only a few are kept", async () => {
  const seedLogits = createSeeds();
  const first = seedLogits(BOX.rle, "longest_side");
  assert.equal(seedLogits(BOX.rle, "longest_side"), first);
  assert.equal(seedLogits(BOX.rle, "square").height, 256);
  for (let i = 0; i < 4; i++) seedLogits({ ...BOX.rle }, "longest_side");
  assert.notEqual(seedLogits(BOX.rle, "longest_side"), first);

  const { asked, prompting } = desk();
  prompting.restore(wordsFor(annotation({ ...BOX, candidate: null }), FIRST).said);
  await prompting.settled();
  assert.deepEqual(asked[0].feedback, first);
  assert.equal(prompting.answer.peek()?.feedback?.width, 256);
  const remembered = JSON.stringify(prompting.said.peek());
  assert.ok(remembered.length < 1000, remembered);
});

test("the steps that made a mask are taken again, with the same masks fed back", async () => {
  const first = desk();
  first.prompting.add(INCLUDE);
  await first.prompting.settled();
  first.prompting.choose(2);
  first.prompting.add(EXCLUDE);
  await first.prompting.settled();
  first.prompting.choose(0);
  const steps = first.prompting.answer.peek()?.steps ?? [];

  const { asked, prompting, decoded } = desk();
  const { said, tokens } = wordsFor(annotation({ prompts: [...steps], candidate: 1, weights: "first" }), FIRST);
  for (const [step, token] of tokens) prompting.prefer(step, token);
  prompting.restore(said);
  await prompting.settled();
  assert.deepEqual(
    asked.map(({ points, feedback }) => [points.length, feedback?.data[0] ?? null]),
    [
      [1, null],
      [2, new Float32Array([1.3])[0]], // the third candidate of the first answer
    ],
  );
  const shown = prompting.answer.peek();
  assert.equal(shown?.decoded.candidates[shown.choice].token, 1);
  assert.deepEqual(shown?.steps, steps);
  assert.equal(decoded.peek(), shown?.decoded);
});

test("a mask that was changed by hand, imported, or made by another segmenter begins with itself and its box", () => {
  const made = annotation({ ...BOX, prompts: [{ kind: "point", ...INCLUDE }], weights: "first" });
  for (const [object, segmenter] of [
    pair({ ...made, candidate: null }, FIRST),
    pair({ ...made, prompts: [] }, FIRST),
    pair(made, OTHER),
  ]) {
    const { said, tokens } = wordsFor(object, segmenter);
    assert.deepEqual([said.box, said.points.length, tokens.size], [[128, 64, 256, 128], 0, 0]);
    assert.equal(said.seed, BOX.rle);
  }
  assert.equal(wordsFor(made, FIRST).said.seed, null);
});
