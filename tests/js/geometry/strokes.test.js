import assert from "node:assert/strict";
import test from "node:test";

import { isWithin, stampStroke } from "../../../static/js/geometry/strokes.js";

/** @typedef {import("../../../static/js/geometry/strokes.js").Stamp} Stamp */

const PICTURE = { width: 60, height: 40 };

/** Pixel by pixel. @param {readonly Stamp[]} points @param {number} radius */
function brute(points, radius) {
  const data = new Uint8Array(PICTURE.width * PICTURE.height);
  for (let y = 0; y < PICTURE.height; y++) {
    for (let x = 0; x < PICTURE.width; x++) {
      const within = points.some((point, i) =>
        isWithin(x + 0.5, y + 0.5, points[i - 1] ?? point, point, point.radius ?? radius),
      );
      data[y * PICTURE.width + x] = Number(within);
    }
  }
  return data;
}

/** @param {readonly Stamp[]} points @param {number} radius */
function whole(points, radius) {
  const { x, y, width, height, data } = stampStroke(points, radius, PICTURE);
  const made = new Uint8Array(PICTURE.width * PICTURE.height);
  for (let row = 0; row < height; row++) {
    made.set(data.subarray(row * width, (row + 1) * width), (y + row) * PICTURE.width + x);
  }
  return made;
}

/** A stroke of its own for every number. @param {number} seed */
function drawn(seed) {
  let state = seed * 7919 + 1;
  const next = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const coarse = seed % 3 ? 1 : 2; // thirds of them on whole and half pixels, where places lie exactly on the edge
  const place = (/** @type {number} */ size) => {
    const value = next() * (size + 20) - 10;
    return coarse === 2 ? Math.round(value * 2) / 2 : value;
  };
  const points = Array.from({ length: 1 + Math.floor(next() * 6) }, () => ({
    x: place(PICTURE.width),
    y: place(PICTURE.height),
    ...(seed % 5 ? {} : { radius: 0.5 + next() * 6 }),
  }));
  return { points, radius: coarse === 2 ? Math.ceil(next() * 12) / 2 : next() * 9 };
}

test("a stroke is the pixels whose centres the disc passes, each of them and no other", () => {
  for (let seed = 1; seed <= 600; seed++) {
    const { points, radius } = drawn(seed);
    assert.deepEqual(whole(points, radius), brute(points, radius), `stroke ${seed}`);
  }
});

test("one place is a disc: a radius of half a pixel at a pixel's middle is that pixel", () => {
  const { x, y, data } = stampStroke([{ x: 7.5, y: 4.5 }], 0.5, PICTURE);
  assert.deepEqual([x, y, [...data]], [7, 4, [1]]);
  const disc = stampStroke([{ x: 20, y: 20 }], 10, PICTURE);
  assert.equal(disc.data.reduce((sum, one) => sum + one), 316);
});

test("a stroke beside the picture has no pixels", () => {
  assert.equal(stampStroke([{ x: -30, y: 5 }], 10, PICTURE).data.length, 0);
  assert.equal(stampStroke([{ x: 5, y: 90 }], 10, PICTURE).data.length, 0);
});

test("a wide stroke across twelve megapixels is stamped whole", () => {
  const points = Array.from({ length: 400 }, (_, i) => ({ x: 10 * i, y: 1500 + 1300 * Math.sin(i / 20) }));
  const { width, height } = stampStroke(points, 100, { width: 4000, height: 3000 });
  assert.ok(width * height > 9e6);
});
