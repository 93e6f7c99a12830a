import assert from "node:assert/strict";
import { test } from "node:test";

import { cut, framed, iou, NOTHING, regionOf, rleOf, trimmed } from "../../../static/js/geometry/region.js";
import { maskRle, rleToBitmap } from "../../../static/js/geometry/rle.js";
import { chance, drawn, picture, speckled } from "./pictures.js";

/** @typedef {import("../../../static/js/geometry/region.js").Region} Region */

const WIDTH = 23;
const HEIGHT = 17;
const WHOLE = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
const next = chance(7);

/** A random region somewhere over the image or beside it. */
function somewhere() {
  const region = speckled(next, 1 + (next() % 30), 1 + (next() % 25), [10, 50, 90, 100][next() % 4], 1 + (next() % 3));
  return { ...region, x: (next() % 30) - 8, y: (next() % 24) - 8 };
}

/** Runs one pixel at a time. @param {Region} region  of all the image */
function slowRle({ data }) {
  const counts = [0];
  for (let at = 0, value = 0; at < WIDTH * HEIGHT; at++) {
    const here = data[(at % HEIGHT) * WIDTH + Math.floor(at / HEIGHT)];
    if (here !== value) counts.push(0);
    value = here;
    counts[counts.length - 1]++;
  }
  return maskRle(Uint32Array.from(counts), WIDTH, HEIGHT);
}

test("a window anywhere is written as the whole image would be, and read back", () => {
  for (let i = 0; i < 200; i++) {
    const region = somewhere();
    const whole = framed(region, WHOLE);
    const mask = rleOf(region, WIDTH, HEIGHT);
    assert.deepEqual(mask, slowRle(whole));
    const read = regionOf(mask.rle);
    assert.deepEqual(framed(read, WHOLE), whole);
    assert.deepEqual([read.x, read.y, read.width, read.height], mask.bbox);
    assert.deepEqual(
      [...read.data].map((one) => 255 * one),
      [...rleToBitmap(mask.rle).data],
    );
  }
});

test("nothing and everything", () => {
  assert.deepEqual(rleOf(NOTHING, 4, 3), { rle: { size: [3, 4], counts: "<" }, area: 0, bbox: [0, 0, 0, 0] });
  assert.deepEqual(rleOf(drawn(["####", "####", "####"]), 4, 3).rle.counts, "0<");
  assert.equal(regionOf({ size: [3, 4], counts: "<" }).width, 0);
  assert.deepEqual(rleOf(drawn(["#"], -1, 0), 4, 3), rleOf(NOTHING, 4, 3));
});

test("common pixels are counted wherever the windows lie", () => {
  const wide = { x: -10, y: -10, width: 70, height: 60 };
  for (let i = 0; i < 200; i++) {
    const [a, b] = [somewhere(), somewhere()];
    const [wideA, wideB] = [framed(a, wide).data, framed(b, wide).data];
    const both = wideA.filter((one, k) => one & wideB[k]).length;
    const either = wideA.filter((one, k) => one | wideB[k]).length;
    assert.equal(iou(a, b), either ? both / either : 1);
  }
  assert.equal(iou(NOTHING, NOTHING), 1);
});

test("a trimmed window is tight", () => {
  const region = drawn(["......", "...#..", ".#....", "......"], 10, 20);
  const tight = trimmed(region);
  assert.deepEqual(picture(tight), ["..#", "#.."]);
  assert.deepEqual([tight.x, tight.y], [11, 21]);
  assert.equal(trimmed(tight), tight);
  assert.equal(trimmed(drawn(["..", ".."])), NOTHING);
  assert.deepEqual(picture(cut(region, { x: 12, y: 0, width: 2, height: 22 })), ["..", ".#"]);
});
