import assert from "node:assert/strict";
import { test } from "node:test";

import { EXCLUDE, FIRST, INCLUDE, OTHER, answer, desk } from "./desk.js";

/** @typedef {import("../../../../static/js/core/types.js").Prompt} Prompt */
/** @typedef {import("../../../../static/js/core/types.js").Decoded} Decoded */

/** @param {ReturnType<typeof desk>} page @param {typeof FIRST} segmenter */
async function change({ prompting, use }, segmenter) {
  use(segmenter);
  await prompting.settled();
}

test("another segmenter answers the whole prompt anew, each step with its own mask fed back", async () => {
  const { asked, prompting, history, prompt, decoded, use } = desk();
  prompting.add(INCLUDE);
  prompting.add(EXCLUDE);
  await prompting.settled();
  const before = decoded.peek();
  use(OTHER);
  assert.equal(decoded.peek(), before, "the old mask stays until the new one is there");
  await prompting.settled();
  assert.deepEqual(
    asked.map(({ points }) => points.length),
    [1, 2, 1, 2],
  );
  assert.equal(asked[3].feedback?.data[0], new Float32Array([3.2])[0]);
  assert.equal(decoded.peek()?.segmenter, OTHER);
  assert.deepEqual(prompt.peek().points, [INCLUDE, EXCLUDE]);
  assert.deepEqual(
    prompting.answer.peek()?.steps.map(({ kind }) => kind),
    ["point", "mask", "point"],
  );
  history.undo();
  await prompting.settled();
  assert.equal(decoded.peek()?.segmenter, OTHER);
  assert.equal(asked.length, 4, "it was answered on the way");
});

test("a candidate chosen by hand stays chosen, one chosen by the decoder is chosen anew", async () => {
  const page = desk();
  const { prompting, choice } = page;
  prompting.add(INCLUDE);
  await prompting.settled();
  prompting.choose(2);
  await change(page, OTHER);
  assert.equal(choice.peek(), 2);
  prompting.choose(1); // what the decoder would have chosen
  await change(page, FIRST);
  assert.equal(choice.peek(), 1);
});

test("what an older segmenter answered is decoded again when it is brought back", async () => {
  const page = desk();
  const { asked, prompting, decoded } = page;
  prompting.add(INCLUDE);
  await prompting.settled();
  const kept = prompting.said.peek();
  prompting.clear();
  await change(page, OTHER);
  assert.equal(asked.length, 1, "there was nothing to decode");
  prompting.restore(kept);
  await prompting.settled();
  assert.equal(decoded.peek()?.segmenter, OTHER);
});

test("an answer that comes after the change is not the last word, and no preview of before is taken for one", async () => {
  /** @type {Array<() => void>} */
  const replies = [];
  const decode = (/** @type {Prompt} */ _) => {
    const now = answer(replies.length, replies.length ? OTHER : FIRST);
    return new Promise((/** @type {(decoded: Decoded) => void} */ resolve) => replies.push(() => resolve(now)));
  };
  const { prompting, decoded, use } = desk({ decode });
  const preview = prompting.preview(INCLUDE);
  prompting.add(INCLUDE);
  use(OTHER);
  replies[0]();
  await preview;
  while (replies.length < 2) await new Promise((resolve) => setTimeout(resolve));
  replies[1]();
  await prompting.settled();
  assert.equal(decoded.peek()?.segmenter, OTHER);
  assert.equal(replies.length, 2);
});
