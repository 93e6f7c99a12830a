import assert from "node:assert/strict";
import { test } from "node:test";

import { likely } from "../../../../static/js/pages/shared/adding/label-matching.js";

test("labels of files are matched to the project's by name, whatever the case and what stands between words", () => {
  const label = (/** @type {string} */ name) => ({ name, color: "#000000", key: null, description: "", group: "", attributes: [] });
  const labels = ["car", "Car", "traffic light", "animal/dog"].map(label);
  assert.deepEqual(
    ["Car", "CAR", "traffic_light", "dog", "cat"].map((name) => likely(name, labels)),
    ["Car", "car", "traffic light", "animal/dog", null],
  );
});
