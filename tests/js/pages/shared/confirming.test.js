/** What is confirmed by typing a name, and what counts as that name. */

import assert from "node:assert/strict";
import test from "node:test";

import { isLarge, isName } from "../../../../static/js/pages/shared/popups/confirming.js";

test("a hundred images or objects are many", () => {
  assert.deepEqual([isLarge(99, 0), isLarge(100, 0), isLarge(0, 100)], [false, true, true]);
});

test("a name is typed as it is written, however its letters are encoded", () => {
  assert.ok(isName(" Caf\u0065\u0301 ", "Caf\u00e9"));
  assert.ok(!isName("cafe", "Café"));
  assert.ok(!isName("", "Café"));
});
