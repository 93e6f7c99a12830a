import assert from "node:assert/strict";
import { test } from "node:test";

import { areaOf, bboxOf, compressCounts, coverage, expandCounts, maskRle, rleToBitmap } from "../../../static/js/geometry/rle.js";

/** @param {Uint8Array} mask  row-major @param {number} width @param {number} height */
function countsOf(mask, width, height) {
  const counts = [0];
  let value = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if (mask[y * width + x] !== value) {
        value = 1 - value;
        counts.push(0);
      }
      counts[counts.length - 1]++;
    }
  }
  return Uint32Array.from(counts);
}

test("strings are those of pycocotools", () => {
  // mask.encode of a 4x5 (h x w) mask with ones at (1,1), (2,1), (2,2); of a full 3x3; of an empty 7x2
  assert.equal(compressCounts([5, 2, 3, 1, 9]), "523O6");
  assert.equal(compressCounts([0, 9]), "09");
  assert.equal(compressCounts([14]), ">");
});

test("strings and counts are the same thing, to the largest image", () => {
  const many = Array.from({ length: 30_000 }, (_, i) => (i * i) % 9973);
  for (const counts of [[0, 1], [100_000_000], [3, 70_000, 1, 2, 99_999_999, 1, 1], many]) {
    assert.deepEqual([...expandCounts(compressCounts(counts))], counts);
  }
  assert.throws(() => expandCounts("n"), RangeError);
});

test("area and box count pixels", () => {
  assert.equal(areaOf([5, 2, 3, 1, 9]), 3);
  assert.deepEqual(bboxOf([5, 2, 3, 1, 9], 4), [1, 1, 2, 2]);
  assert.deepEqual(bboxOf([14], 7), [0, 0, 0, 0]);
  assert.deepEqual(bboxOf([2, 3, 7], 4), [0, 0, 2, 4], "a run around the end of a column spans all rows");
});

test("a bitmap is the mask within its box", () => {
  const [width, height] = [13, 7];
  const mask = Uint8Array.from({ length: width * height }, (_, i) => Number((i * 7919) % 5 === 0 && i % width > 2));
  const { rle, area, bbox } = maskRle(countsOf(mask, width, height), width, height);
  const bitmap = rleToBitmap(rle);
  assert.deepEqual([bitmap.x, bitmap.y, bitmap.width, bitmap.height], bbox);
  assert.equal(bitmap.data.filter((value) => value === 255).length, area);
  for (let y = 0; y < bitmap.height; y++) {
    for (let x = 0; x < bitmap.width; x++) {
      assert.equal(bitmap.data[y * bitmap.width + x] === 255, mask[(y + bitmap.y) * width + x + bitmap.x] === 1);
    }
  }
});

test("coverage counts the pixels of each cell, of any part of the image", () => {
  const [width, height] = [23, 17];
  const mask = Uint8Array.from({ length: width * height }, (_, i) => Number((i * 7919) % 11 < 5));
  const counts = countsOf(mask, width, height);
  for (const part of [
    { x: 0, y: 0, columns: 23, rows: 17, step: 1 },
    { x: 3, y: 2, columns: 5, rows: 3, step: 4 },
    { x: 19, y: 13, columns: 2, rows: 3, step: 2 },
  ]) {
    const covered = coverage(counts, height, part);
    for (let cell = 0; cell < part.columns * part.rows; cell++) {
      const left = part.x + (cell % part.columns) * part.step;
      const top = part.y + Math.floor(cell / part.columns) * part.step;
      let pixels = 0;
      for (let y = top; y < Math.min(top + part.step, height); y++) {
        for (let x = left; x < Math.min(left + part.step, width); x++) pixels += mask[y * width + x];
      }
      assert.equal(covered[cell], Math.round((255 * pixels) / part.step ** 2));
    }
  }
});

test("coverage of one run over many columns", () => {
  const full = coverage([0, 40], 4, { x: 2, y: 1, columns: 3, rows: 1, step: 2 });
  assert.deepEqual([...full], [255, 255, 255]);
});
