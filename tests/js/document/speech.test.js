import assert from "node:assert/strict";
import { test } from "node:test";

import { effect } from "../../../static/js/core/signals.js";
import { createSpeech } from "../../../static/js/document/speech.js";

test("the same sentence twice is said twice; what is refused is also told apart from the one before", () => {
  const { said, refused, refuse } = createSpeech();
  /** @type {string[]} */
  const heard = [];
  const stop = effect(() => void heard.push(said.value));
  said.value = "Locked.";
  said.value = "Locked.";
  refuse("The mask is empty.");
  refuse("The mask is empty.");
  stop();
  assert.deepEqual(heard, ["", "Locked.", "Locked.", "The mask is empty.", "The mask is empty."]);
  assert.deepEqual(refused.peek(), { text: "The mask is empty.", n: 2 });
});
