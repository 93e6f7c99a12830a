import assert from "node:assert/strict";
import { test } from "node:test";

import { flood, thinned } from "../../../static/js/geometry/flood.js";
import { chance, picture } from "./pictures.js";

/** @typedef {import("../../../static/js/geometry/flood.js").Pixels} Pixels */

/** Grey pixels. @param {number} width @param {readonly number[]} values @returns {Pixels} */
function grey(width, values) {
  const data = new Uint8ClampedArray(values.flatMap((value) => [value, value, value, 255]));
  return { width, height: values.length / width, data };
}

/** One pixel after the other. @param {Pixels} pixels @param {number} x @param {number} y @param {(value: number) => boolean} alike */
function brute({ width, height, data }, x, y, alike) {
  const found = new Uint8Array(width * height);
  const waiting = [[x, y]];
  found[y * width + x] = 1;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      const [column, row] = [next[0] + dx, next[1] + dy];
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      const at = row * width + column;
      if (found[at] || !alike(data[4 * at])) continue;
      found[at] = 1;
      waiting.push([column, row]);
    }
  }
  return found;
}

test("what is alike and connected side by side is filled, around holes and not across corners", () => {
  const rows = ["#####..", "#...#..", "#.#.#..", "#...#.#", "#####.."];
  const pixels = grey(7, rows.join("").split("").map((sign) => (sign === "#" ? 200 : 0)));
  const ring = flood(pixels, 0, 2, 90);
  assert.deepEqual([ring.x, ring.y], [0, 0]);
  assert.deepEqual(picture(ring), ["#####", "#...#", "#...#", "#...#", "#####"]);
  assert.equal(flood(pixels, 2, 2, 0).data.length, 1); // a lone pixel, unlike those around it
});

test("agrees with a search pixel by pixel on random pictures", () => {
  const next = chance(3);
  for (let round = 0; round < 60; round++) {
    const [width, height] = [1 + (next() % 30), 1 + (next() % 20)];
    const pixels = grey(width, Array.from({ length: width * height }, () => (next() % 3 ? 10 : 240)));
    const [x, y] = [next() % width, next() % height];
    const color = pixels.data[4 * (y * width + x)];
    const tolerance = next() % 229;
    const expected = brute(pixels, x, y, (value) => Math.abs(value - color) <= tolerance);
    const region = flood(pixels, x, y, tolerance);
    const whole = new Uint8Array(width * height);
    for (let row = 0; row < region.height; row++)
      whole.set(region.data.subarray(row * region.width, (row + 1) * region.width), (region.y + row) * width + region.x);
    assert.deepEqual(whole, expected);
  }
});

test("a thinned picture has the middle pixel of each square", () => {
  const pixels = grey(7, Array.from({ length: 42 }, (_, i) => i));
  const { width, height, data } = thinned(pixels, 3);
  assert.deepEqual([width, height, data[0], data[4], data[8]], [2, 2, 8, 11, 29]);
});

test("twelve megapixels of one colour are filled whole", () => {
  const [width, height] = [4000, 3000];
  const pixels = { width, height, data: new Uint8ClampedArray(4 * width * height).fill(90) };
  assert.equal(flood(pixels, 2000, 1500, 10).data.length, width * height);
});
