import assert from "node:assert/strict";
import { test } from "node:test";

import { fromSteps, sayAll } from "../../../../static/js/document/prompt/said.js";
import { EXCLUDE, INCLUDE, answer, desk } from "./desk.js";

/** @typedef {import("../../../../static/js/core/types.js").Decoded} Decoded */

test("clicks faster than the decoder are decoded in order, each refining the answer before", async () => {
  const { asked, prompting, choice } = desk();
  prompting.add(INCLUDE);
  prompting.add(EXCLUDE);
  await prompting.settled();
  assert.deepEqual(
    asked.map(({ points }) => points.length),
    [1, 2],
  );
  assert.equal(asked[1].feedback?.data[0], new Float32Array([1.2])[0]);
  assert.deepEqual(
    prompting.answer.peek()?.steps.map(({ kind }) => kind),
    ["point", "mask", "point"],
  );
  assert.equal(choice.peek(), 1);
});

test("undo shows the answer that was, without decoding again", async () => {
  const { asked, prompting, history, decoded } = desk();
  prompting.add(INCLUDE);
  await prompting.settled();
  const first = decoded.peek();
  prompting.add(EXCLUDE);
  await prompting.settled();
  history.undo();
  await prompting.settled();
  assert.equal(decoded.peek(), first);
  assert.equal(asked.length, 2);
});

test("switching candidates goes round", async () => {
  const { prompting, choice } = desk();
  prompting.add(INCLUDE);
  await prompting.settled();
  prompting.cycle(1);
  assert.equal(choice.peek(), 2);
  prompting.cycle(1);
  assert.equal(choice.peek(), 0);
  prompting.cycle(-1);
  assert.equal(choice.peek(), 2);
});

test("the mask before a click stays on offer and can be gone on from", async () => {
  const { asked, prompting, decoded, choice } = desk();
  prompting.add(INCLUDE);
  await prompting.settled();
  const first = decoded.peek()?.candidates[1].lowRes;
  prompting.add(EXCLUDE);
  await prompting.settled();
  const candidates = decoded.peek()?.candidates ?? [];
  assert.deepEqual(candidates.map(({ token, previous }) => [token, previous ?? false]), [[1, false], [2, false], [3, false], [4, true]]);
  assert.equal(candidates[3].lowRes, first);
  assert.equal(choice.peek(), 1, "it is never shown first");
  prompting.choose(3);
  prompting.add(INCLUDE);
  await prompting.settled();
  assert.equal(asked[2].feedback, first);
  const { x, y, label } = INCLUDE;
  const { steps = [], decoded: last } = prompting.answer.peek() ?? {};
  assert.equal(last?.candidates[3].lowRes, first);
  assert.deepEqual(steps.at(-2), { kind: "mask", token: 4 });
  assert.deepEqual(steps.at(-1), { kind: "point", x, y, label });
});

test("a mask that was kept is kept when its record is decoded again", async () => {
  const { prompting, decoded, choice } = desk();
  const { x, y } = INCLUDE;
  const point = /** @type {const} */ ({ kind: "point", x, y, label: 1 });
  const replayed = fromSteps([point, { kind: "mask", token: 2 }, point], null, { width: 40, height: 30 });
  if (!replayed) throw new Error("the record can be replayed");
  replayed.tokens.set(replayed.said, 4);
  for (const [said, token] of replayed.tokens) prompting.prefer(said, token);
  prompting.restore(replayed.said);
  await prompting.settled();
  assert.equal(decoded.peek()?.candidates[choice.peek()].token, 4);
});

test("the mask of the step before stays until the answer is there", async () => {
  const { prompting, decoded } = desk();
  prompting.add(INCLUDE);
  await prompting.settled();
  const first = decoded.peek();
  prompting.add(EXCLUDE);
  assert.equal(decoded.peek(), first);
  prompting.clear();
  assert.equal(decoded.peek(), null);
});

test("a prompt cleared while it waited is not decoded", async () => {
  let open = () => {};
  const gate = new Promise((resolve) => (open = () => resolve(undefined)));
  let asked = 0;
  const decode = async () => answer(++asked);
  const { prompting } = desk({ decode, ready: () => gate });
  prompting.add(INCLUDE);
  await new Promise((resolve) => setTimeout(resolve));
  prompting.clear();
  open();
  await prompting.settled();
  assert.equal(asked, 0);
  assert.equal(prompting.waiting.peek(), 0);
});

test("a prompt given up comes back with undo, and is not decoded meanwhile", async () => {
  const { asked, prompting, history, prompt, decoded } = desk();
  prompting.add(INCLUDE);
  await prompting.settled();
  const before = decoded.peek();
  prompting.add(EXCLUDE);
  prompting.cancel();
  await prompting.settled();
  assert.equal(asked.length, 1);
  assert.deepEqual([prompting.empty.peek(), decoded.peek(), prompt.peek().points], [true, null, []]);
  prompting.cancel(); // nothing to give up: no step of its own
  history.undo();
  history.undo();
  assert.equal(decoded.peek(), before);
  assert.deepEqual(prompt.peek().points, [INCLUDE]);
});

test("a click where the pointer rests has the preview's answer", async () => {
  const { asked, prompting, decoded, hover } = desk();
  await prompting.preview(INCLUDE);
  const previewed = hover.peek();
  prompting.add(INCLUDE);
  await prompting.settled();
  assert.equal(decoded.peek(), previewed);
  prompting.add(EXCLUDE);
  await prompting.settled();
  assert.deepEqual(
    asked.map(({ points }) => points.length),
    [1, 2],
  );
  prompting.clear();
  prompting.add(INCLUDE); // perhaps on another picture
  await prompting.settled();
  assert.equal(asked.length, 3);
});

test("what a press asks ahead answers the click, with what is refined fed back", async () => {
  const { asked, prompting } = desk();
  for (const [i, point] of [INCLUDE, EXCLUDE].entries()) {
    prompting.anticipate({ ...point });
    assert.equal(asked.length, i + 1);
    prompting.anticipate({ ...point }); // of a press where the answer is there, or on its way
    prompting.add(point);
    await prompting.settled();
    assert.equal(asked.length, i + 1);
  }
  assert.equal(asked[1].feedback, prompting.answer.peek()?.feedback);
  assert.equal(prompting.answer.peek()?.steps.length, 3);

  prompting.anticipate({ ...INCLUDE, x: 1 });
  prompting.cancel(); // the press became something else
  prompting.add(INCLUDE);
  await prompting.settled();
  assert.deepEqual(asked.at(-1), { points: [INCLUDE], box: null, feedback: null, within: null });
});

test("a press asks nothing ahead while an answer is due, and its failure is the click's to tell", async () => {
  let fails = false;
  const { asked, prompting } = desk({
    decode: async (words) => {
      asked.push(words);
      if (fails) throw new Error("gone");
      return answer(1);
    },
  });
  prompting.add(INCLUDE);
  prompting.anticipate(EXCLUDE);
  assert.equal(asked.length, 0);
  await prompting.settled();
  fails = true;
  prompting.anticipate(EXCLUDE);
  prompting.add(EXCLUDE);
  await prompting.settled();
  assert.equal(prompting.failure.peek()?.message, "gone");
  assert.equal(asked.length, 3);
});

test("a click whose preview was overtaken or failed is decoded itself", async () => {
  let calls = 0;
  const { prompting, decoded } = desk({
    decode: async (_, { priority }) => {
      calls += 1;
      if (priority === "hover") throw new Error("overtaken");
      return answer(1);
    },
  });
  const preview = prompting.preview(INCLUDE);
  prompting.add(INCLUDE);
  await Promise.all([preview, prompting.settled()]);
  assert.equal(calls, 2);
  assert.equal(decoded.peek()?.candidates.length, 3);
});

test("a failure is kept with a way to try again", async () => {
  let fails = true;
  const decode = async () => {
    if (fails) throw Object.assign(new Error("The decoder stopped."), { hint: "Try again." });
    return answer(1);
  };
  const { prompting, decoded } = desk({ decode });
  prompting.add(INCLUDE);
  await prompting.settled();
  assert.equal(prompting.failure.peek()?.message, "The decoder stopped.");
  fails = false;
  prompting.failure.peek()?.retry();
  await prompting.settled();
  assert.equal(prompting.failure.peek(), null);
  assert.equal(decoded.peek()?.candidates.length, 3);
});

test("a resting pointer asks for nothing where answers are few, as while the server stands in", async () => {
  const { asked, prompting, hover } = desk({ previews: () => false });
  await prompting.preview(INCLUDE);
  assert.deepEqual([asked.length, hover.peek()], [0, null]);
  prompting.add(INCLUDE);
  await prompting.settled();
  assert.equal(asked.length, 1);
});

test("an older preview is not shown after a newer one, and none once something was said", async () => {
  /** @type {Array<(decoded: Decoded) => void>} */
  const replies = [];
  const decode = () =>
    new Promise((/** @type {(decoded: Decoded) => void} */ resolve) => replies.push(resolve));
  const { prompting, hover } = desk({ decode });
  const one = prompting.preview(INCLUDE);
  const two = prompting.preview({ x: 6, y: 6, label: 1 });
  const newest = answer(2);
  replies[1](newest);
  await two;
  replies[0](answer(1));
  await one;
  assert.equal(hover.peek(), newest);
  prompting.add(INCLUDE);
  assert.equal(hover.peek(), null);
});

test("previews follow a pointer that never rests, and end when it leaves", async () => {
  /** @type {Array<(decoded: Decoded) => void>} */
  const replies = [];
  const decode = () =>
    new Promise((/** @type {(decoded: Decoded) => void} */ resolve) => replies.push(resolve));
  const { prompting, hover } = desk({ decode });
  const one = prompting.preview(INCLUDE);
  const two = prompting.preview({ x: 6, y: 6, label: 1 });
  const first = answer(1);
  replies[0](first);
  await one;
  assert.equal(hover.peek(), first);
  void prompting.preview(null);
  replies[1](answer(2));
  await two;
  assert.equal(hover.peek(), null);
});

test("what refines nothing is given up instead of asked for ever", async () => {
  const { asked, prompting } = desk();
  prompting.restore(sayAll([INCLUDE], null, { refines: sayAll([], null) }));
  await prompting.settled();
  assert.deepEqual([asked.length, prompting.answer.peek(), prompting.waiting.peek()], [0, null, 0]);
});
