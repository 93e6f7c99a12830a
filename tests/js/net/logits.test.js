import assert from "node:assert/strict";
import { test } from "node:test";

import { deflate, inflate, packLogits, unpackLogits } from "../../../static/js/net/logits.js";

test("logits keep their sign, and their size to a part in 127 of its root", async () => {
  const data = Float32Array.from({ length: 2 * 12 * 20 }, (_, i) => 15 * Math.sin(i * 1.7) * (i < 240 ? 1 : 0.1));
  const packed = packLogits({ count: 2, height: 12, width: 20, data });
  assert.equal(packed.length, 6 + 8 + 480);
  const planes = unpackLogits(await inflate(await deflate(packed)));
  assert.deepEqual([planes.count, planes.height, planes.width], [2, 12, 20]);
  data.forEach((logit, i) => {
    const peak = i < 240 ? 15 : 1.5;
    assert.ok(Math.abs(Math.sqrt(Math.abs(logit) / peak) - Math.sqrt(Math.abs(planes.data[i]) / peak)) < 1.02 / 127);
    assert.ok(planes.data[i] * logit >= 0);
  });
});

test("a plane of zeros and a cut-off answer are recognised", () => {
  const packed = packLogits({ count: 1, height: 2, width: 2, data: new Float32Array(4) });
  assert.deepEqual([...unpackLogits(packed).data], [0, 0, 0, 0]);
  assert.throws(() => unpackLogits(packed.subarray(0, 9)), RangeError);
});
