import assert from "node:assert/strict";
import { test } from "node:test";

import { InputFrame } from "../../../static/js/geometry/frames.js";
import { expandCounts, maskRle } from "../../../static/js/geometry/rle.js";
import { Upsampler, axisTaps } from "../../../static/js/geometry/upsample.js";

/**
 * Bilinear along one axis of a vector, half-pixel centres, edges clamped.
 * @param {number[]} values @param {number} size @returns {number[]}
 */
function resize(values, size) {
  return Array.from({ length: size }, (_, i) => {
    const place = Math.max(0, ((i + 0.5) * values.length) / size - 0.5);
    const first = Math.min(Math.floor(place), values.length - 1);
    const second = Math.min(first + 1, values.length - 1);
    return values[first] * (1 - (place - first)) + values[second] * (place - first);
  });
}

/** @param {number} width @param {number} height */
function waves(width, height) {
  const data = new Float32Array(width * height);
  for (let i = 0; i < data.length; i++) {
    data[i] = 8 * Math.sin((i % width) / 9) * Math.cos(Math.floor(i / width) / 7) + Math.sin(i * 12.9898) * 2;
  }
  return { width, height, data, resize: /** @type {const} */ ("longest_side") };
}

const SIZES = [[2130, 1960], [1, 4000], [4000, 1], [37, 53], [1024, 1024], [683, 1024], [4500, 3000], [3, 2]];

for (const [width, height] of SIZES) {
  test(`an axis of ${width}x${height} is both bilinear steps in one`, () => {
    const frame = new InputFrame(width, height, "longest_side");
    const across = [frame.width, width, 4 * frame.tokenCols];
    const down = [frame.height, height, 4 * frame.tokenRows];
    for (const [covered, size, cells] of [across, down]) {
      const low = Array.from({ length: 256 }, (_, i) => Math.sin(i * 78.233) * 10);
      const expected = resize(resize(low, 1024).slice(0, covered), size);
      const { start, weights } = axisTaps(cells, covered, size);
      for (let i = 0; i < size; i++) {
        assert.ok(start[i] + 3 <= cells);
        const value = [0, 1, 2].reduce((sum, k) => sum + weights[3 * i + k] * low[start[i] + k], 0);
        assert.ok(Math.abs(value - expected[i]) < 1e-9, `${i}: ${value} is not ${expected[i]}`);
      }
    }
  });
}

test("runs are the thresholded full-size logits, column by column", () => {
  for (const [width, height] of [[237, 153], [53, 37], [1, 40]]) {
    const frame = new InputFrame(width, height, "longest_side");
    const lowRes = waves(4 * frame.tokenCols, 4 * frame.tokenRows);
    const x = axisTaps(lowRes.width, frame.width, width);
    const y = axisTaps(lowRes.height, frame.height, height);
    const pixels = [];
    for (let column = 0; column < width; column++) {
      for (let row = 0; row < height; row++) {
        let logit = 0;
        for (let a = 0; a < 3; a++) {
          for (let b = 0; b < 3; b++) {
            const cell = (y.start[row] + a) * lowRes.width + x.start[column] + b;
            logit += y.weights[3 * row + a] * x.weights[3 * column + b] * lowRes.data[cell];
          }
        }
        pixels.push(logit > 0);
      }
    }
    const counts = new Upsampler(frame).counts(lowRes, { width, height });
    const unpacked = [...counts].flatMap((count, i) => Array(count).fill(i % 2 === 1));
    assert.deepEqual(unpacked, pixels);
    const { rle, area } = maskRle(counts, width, height);
    assert.equal(area, pixels.filter(Boolean).length);
    assert.deepEqual([...expandCounts(rle.counts)], [...counts]);
  }
});

test("the runs of a mask of 12 megapixels cover it", () => {
  const upsampler = new Upsampler(new InputFrame(4000, 3000, "longest_side"));
  const lowRes = waves(256, 196);
  const total = upsampler.counts(lowRes, { width: 4000, height: 3000 }).reduce((sum, count) => sum + count, 0);
  assert.equal(total, 12_000_000);
});
