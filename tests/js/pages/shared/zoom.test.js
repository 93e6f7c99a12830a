import assert from "node:assert/strict";
import { test } from "node:test";

import { percentOf } from "../../../../static/js/pages/annotate/stage/zoom-menu.js";

test("a zoom is read as people type it", () => {
  assert.deepEqual(["150", " 33.3 % ", "12,5%", "1e3"].map(percentOf), [150, 33.3, 12.5, 1000]);
  assert.deepEqual(["", "%", "0", "-5", "large", "Infinity"].map(percentOf), [null, null, null, null, null, null]);
});
