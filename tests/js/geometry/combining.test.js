import assert from "node:assert/strict";
import { test } from "node:test";

import { subtractedRuns, unitedRuns } from "../../../static/js/geometry/combining.js";
import { rleOf } from "../../../static/js/geometry/region.js";
import { expandCounts } from "../../../static/js/geometry/rle.js";
import { chance, speckled } from "./pictures.js";

test("runs are united and subtracted as their pixels are", () => {
  const next = chance(11);
  for (let round = 0; round < 200; round++) {
    const [width, height] = [1 + (next() % 20), 1 + (next() % 20)];
    const percent = () => [0, 20, 50, 80, 100][next() % 5];
    const [a, b] = [1, 2].map((grain) => speckled(next, width, height, percent(), grain));
    const counts = (/** @type {import("../../../static/js/geometry/region.js").Region} */ region) =>
      expandCounts(rleOf(region, width, height).rle.counts);
    const united = { ...a, data: a.data.map((one, i) => one | b.data[i]) };
    const left = { ...a, data: a.data.map((one, i) => one & (b.data[i] ^ 1)) };
    assert.deepEqual(unitedRuns(counts(a), counts(b)), counts(united));
    assert.deepEqual(subtractedRuns(counts(a), counts(b)), counts(left));
  }
});
