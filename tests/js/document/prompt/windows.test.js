/** Prompts in windows of a large image: which one is taken, what is fed back where it changes, and what is recorded. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { createMoving, placed } from "../../../../static/js/document/prompt/placing.js";
import { wordsFor } from "../../../../static/js/document/prompt/refining.js";
import { fromSteps, sayAll } from "../../../../static/js/document/prompt/said.js";
import { logitsOf } from "../../../../static/js/document/prompt/seeds.js";
import { InputFrame, frameUnder } from "../../../../static/js/geometry/frames.js";
import { maskRle } from "../../../../static/js/geometry/rle.js";
import { Upsampler } from "../../../../static/js/geometry/upsample.js";
import { findWindow } from "../../../../static/js/geometry/windows.js";
import { windowFor } from "../../../../static/js/pages/annotate/stage/zooming.js";
import { answer, desk } from "./desk.js";

/** @typedef {import("../../../../static/js/core/types.js").Prompt} Prompt */
/** @typedef {import("../../../../static/js/core/types.js").Window} Window */

const SIZE = { width: 4000, height: 3000 };
const [LARGE, SMALL] = ["1-1-1", "2-4-3"].map((key) => /** @type {Window} */ (findWindow(key, SIZE)));
/** @param {number} x @param {number} y @param {0|1} [label] */
const at = (x, y, label = 1) => ({ x, y, label });
const INSIDE = at(SMALL.x + 400, SMALL.y + 500);

test("a prompt is decoded in the finest window that holds all of it", () => {
  const said = sayAll([INSIDE], null);
  assert.equal(placed(said, [null, null], SIZE), said);
  assert.equal(placed(said, [LARGE, SMALL], SIZE).within, SMALL);
  assert.equal(placed(said, [SMALL, LARGE], SIZE).within, SMALL);
  assert.equal(placed(sayAll([INSIDE, at(LARGE.x + 300, LARGE.y + 300)], null), [SMALL, LARGE], SIZE).within, LARGE);
  assert.equal(placed(sayAll([INSIDE], [0, 0, 3999, 2999]), [SMALL, LARGE], SIZE).within, null);
  assert.equal(placed(sayAll([], [SMALL.x + 200, SMALL.y + 200, SMALL.x + 300, SMALL.y + 300]), [SMALL], SIZE).within, SMALL);
  assert.equal(placed(sayAll([at(1, 1)], null, { within: SMALL }), [SMALL], SIZE).within, null);
});

/** Prompting on a large image, through the window there is. @param {Window|null} first */
function zoomed(first) {
  let seen = first;
  /** @type {Prompt[]} */
  const asked = [];
  const room = desk({
    size: () => SIZE,
    seen: () => seen,
    decode: async (prompt) => {
      asked.push(prompt);
      const { width, height } = { width: 256, height: 256 };
      const lowRes = { width, height, data: new Float32Array(width * height).fill(1), resize: /** @type {const} */ ("longest_side"), within: prompt.within };
      const told = answer(1);
      return { ...told, candidates: told.candidates.map((each) => ({ ...each, lowRes })) };
    },
  });
  return { ...room, asked, look: (/** @type {Window|null} */ next) => void (seen = next) };
}

test("further clicks stay in the window, and leave it with what was shown", async () => {
  const { prompting, asked, look } = zoomed(SMALL);
  prompting.add(INSIDE);
  await prompting.settled();
  look(null);
  prompting.add(at(INSIDE.x + 10, INSIDE.y, 0));
  prompting.add(at(3900, 2900));
  await prompting.settled();
  assert.deepEqual(asked.map(({ within }) => within?.key ?? null), [SMALL.key, SMALL.key, null]);
  const [, kept, left] = asked;
  assert.equal(kept.feedback?.within, SMALL);
  const fed = left.feedback;
  assert.ok(fed && !fed.within);
  const { toInput } = InputFrame.prototype;
  const [x, y] = toInput.call(new InputFrame(4000, 3000, "longest_side"), INSIDE.x, INSIDE.y).map((place) => Math.floor(place / 4));
  assert.ok(fed.data[y * fed.width + x] > 0 && fed.data[0] < 0);
  const steps = prompting.answer.peek()?.steps ?? [];
  assert.deepEqual(steps.map((step) => (step.kind === "mask" ? (step.window ?? null) : step.kind)), ["point", SMALL.key, "point", SMALL.key, "point"]);
  const again = fromSteps(steps, null, SIZE);
  assert.deepEqual([again?.said.within, again?.said.refines?.within?.key, again?.said.refines?.refines?.within?.key], [null, SMALL.key, SMALL.key]);
});

test("a prompt goes on in a window once one looks through it", async () => {
  const { prompting, asked, look } = zoomed(null);
  prompting.add(INSIDE);
  await prompting.settled();
  look(SMALL);
  prompting.add(at(INSIDE.x + 10, INSIDE.y, 0));
  await prompting.settled();
  assert.deepEqual(asked.map(({ within }) => within?.key ?? null), [null, SMALL.key]);
  assert.equal(asked[1].feedback?.within, SMALL);
});

test("what is asked ahead is asked in the window, too", async () => {
  const { prompting, asked } = zoomed(SMALL);
  await prompting.preview(INSIDE);
  prompting.anticipate(INSIDE);
  prompting.add(INSIDE);
  await prompting.settled();
  assert.deepEqual(asked.map(({ within }) => within), [SMALL]);
});

test("logits pass to another window once, and are the same then", () => {
  const moved = createMoving();
  const lowRes = { width: 256, height: 196, data: new Float32Array(256 * 196).fill(2), resize: /** @type {const} */ ("longest_side"), within: null };
  assert.equal(moved(lowRes, null, SIZE), lowRes);
  const there = moved(lowRes, SMALL, SIZE);
  assert.equal(there, moved(lowRes, SMALL, SIZE));
  assert.notEqual(there, moved(lowRes, LARGE, SIZE));
  assert.deepEqual([there.width, there.height, there.within], [256, 256, SMALL]);
});

test("a mask alone is refined in the window it was made in, else the one looked through", () => {
  const frame = frameUnder("longest_side", { within: SMALL }, SIZE);
  const data = new Float32Array(256 * 256).fill(-1);
  for (let y = 100; y < 140; y++) data.fill(1, y * 256 + 90, y * 256 + 150);
  const mask = maskRle(new Upsampler(frame).counts({ width: 256, height: 256, data, resize: "longest_side" }, SIZE), SIZE.width, SIZE.height);
  const object = /** @type {import("../../../../static/js/core/types.js").Annotation} */ ({ ...mask, candidate: null, prompts: /** @type {object[]} */ ([]), weights: null, window: SMALL.key });
  const { said } = wordsFor(object, { weights: "w" });
  assert.equal(said.within?.key, SMALL.key);
  assert.equal(wordsFor({ ...object, window: null }, { weights: "w" }, LARGE).said.within, LARGE);
  assert.equal(wordsFor({ ...object, window: null }, { weights: "w" }).said.within, null);
  const seed = logitsOf(mask.rle, "longest_side", SMALL);
  const back = new Upsampler(frame).counts(seed, SIZE);
  const { area } = maskRle(back, SIZE.width, SIZE.height);
  assert.ok(Math.abs(area / mask.area - 1) < 0.05, `${area} of ${mask.area}`);
});

test("the window of a view stays while it shows all of it as finely", () => {
  const view = { x: SMALL.x + 200, y: SMALL.y + 200, width: 500, height: 400 };
  const first = windowFor(view, SIZE, null);
  assert.equal(windowFor({ ...view, x: view.x + 200 }, SIZE, first), first);
  assert.notEqual(windowFor({ ...view, x: view.x + 900 }, SIZE, first)?.key, first?.key);
  assert.equal(windowFor({ x: 0, y: 0, width: 4000, height: 3000 }, SIZE, first), null);
  assert.equal(windowFor({ ...view, width: 1200, height: 900 }, SIZE, first)?.width, 2000);
});
