import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { status } from "../../../static/js/core/state.js";
import { createTuner } from "../../../static/js/engine/tuning.js";
import { FIRST } from "../document/prompt/desk.js";

/** @typedef {Parameters<typeof createTuner>[0]} Parts */

/** A tuner of a page on whose server masks are quicker, after one probe of this browser's decoder failed. */
async function probed({ replaced = false }) {
  mock.timers.enable({ apis: ["setInterval"] });
  Object.defineProperty(globalThis, "document", { value: { visibilityState: "visible" }, configurable: true });
  /** @type {(error: Error) => void} */
  let refuse = () => {};
  const measure = () => new Promise((_, reject) => (refuse = reject));
  const decoder = () => ({ client: { busy: false }, speed: () => ({ ms: 300 }), measure });
  const failures = /** @type {string[]} */ ([]);
  const keeper = { decoder: decoder(), fail: (/** @type {Error} */ error) => failures.push(error.message) };
  const stage = {
    keeper: () => keeper,
    side: () => "server",
    automatic: () => true,
    segmenter: () => FIRST,
    decide: () => {},
  };
  const tuner = createTuner(/** @type {Parts} */ (/** @type {unknown} */ ({ status, stage })));
  mock.timers.tick(30_000);
  if (replaced) keeper.decoder = decoder();
  refuse(new Error("The decoder was closed."));
  await new Promise((resolve) => setImmediate(resolve));
  tuner.close();
  mock.timers.reset();
  return failures;
}

test("a decoder whose probe fails is replaced", async () => {
  assert.deepEqual(await probed({}), ["The decoder was closed."]);
});

test("the probe of a decoder that was replaced meanwhile says nothing of the present one", async () => {
  assert.deepEqual(await probed({ replaced: true }), []);
});
