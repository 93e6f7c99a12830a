import assert from "node:assert/strict";
import { test } from "node:test";

import { fillHoles, measured, parts, withoutSpecks } from "../../../static/js/geometry/parts.js";
import { areaOfRegion, framed, NOTHING, rleOf } from "../../../static/js/geometry/region.js";
import { chance, drawn, picture, speckled } from "./pictures.js";

/** @typedef {import("../../../static/js/geometry/region.js").Region} Region */

/**
 * The same one pixel at a time: what hangs together with a place.
 * @param {Region} region @param {number} at @param {boolean} corners
 */
function flood({ width, height, data }, at, corners) {
  const found = new Set([at]);
  for (const place of found) {
    const [row, column] = [Math.floor(place / width), place % width];
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        if ((dx && dy && !corners) || row + dy < 0 || row + dy >= height || column + dx < 0 || column + dx >= width) continue;
        const next = place + dy * width + dx;
        if (data[next] === data[at]) found.add(next);
      }
    }
  }
  return found;
}

test("parts hang together at corners too, the largest first", () => {
  const found = parts(drawn(["#...#", ".#..#", "....#", "##..#"], 5, 6));
  assert.deepEqual(found.map(picture), [["#", "#", "#", "#"], ["#.", ".#"], ["##"]]);
  assert.deepEqual([found[2].x, found[2].y], [5, 9]);
  assert.deepEqual(parts(NOTHING), []);
});

test("holes hang together along sides only, and bays are none", () => {
  const region = drawn(["#####", "#.#.#", "##.##", "#####", "#.#.#"]);
  assert.deepEqual(picture(fillHoles(region)), ["#####", "#####", "#####", "#####", "#.#.#"]);
  assert.equal(measured(rleOf(region, 5, 5).rle).holes, 3);
  const ring = drawn(["####...", "#..####", "####.##", "...####"]);
  assert.deepEqual(picture(fillHoles(ring, 1)), ["####...", "#..####", "#######", "...####"]);
});

test("specks go, the largest part never", () => {
  const region = drawn(["##..#", "##...", "....."]);
  assert.deepEqual(picture(withoutSpecks(region, 2)), ["##", "##"]);
  assert.deepEqual(picture(withoutSpecks(region, 100)), ["##", "##"]);
  assert.deepEqual(picture(withoutSpecks(region, 1)), ["##..#", "##..."]);
  assert.equal(withoutSpecks(NOTHING, 3).width, 0);
});

test("a speck that was clicked stays", () => {
  const region = drawn(["##..#", "##...", "....#"], 10, 20);
  assert.deepEqual(picture(withoutSpecks(region, 2, [{ x: 14.5, y: 20.2 }])), ["##..#", "##..."]);
  assert.deepEqual(picture(withoutSpecks(region, 2, [{ x: 13.9, y: 20.5 }])), ["##", "##"], "one beside it does not");
});

test("random masks: as pixel by pixel", () => {
  const next = chance(5);
  for (let i = 0; i < 150; i++) {
    const region = speckled(next, 1 + (next() % 24), 1 + (next() % 18), [15, 40, 60, 85][next() % 4], 1 + (next() % 2));
    const { width, height, data } = region;
    const found = parts(region);
    const whole = found.map((part) => framed(part, region).data);
    assert.deepEqual(Uint8Array.from(data, (_, i) => whole.reduce((sum, part) => sum + part[i], 0)), data); // each pixel once
    for (const part of found) {
      const here = framed(part, region);
      assert.equal(flood(region, here.data.indexOf(1), true).size, areaOfRegion(part));
    }
    assert.deepEqual(
      found.map(areaOfRegion),
      found.map(areaOfRegion).sort((a, b) => b - a),
    );
    const { areas, holes } = measured(rleOf({ ...region, x: next() % 3, y: next() % 3 }, width + 2, height + 2).rle);
    assert.deepEqual(
      [...areas].sort((a, b) => b - a),
      found.map(areaOfRegion),
    );
    assert.equal(holes, areaOfRegion(fillHoles(region)) - areaOfRegion(region));
    const filled = fillHoles(region, 6);
    for (let at = 0; at < data.length; at++) {
      if (data[at]) continue;
      const hole = [...flood(region, at, false)];
      const outside = hole.some((k) => k < width || k >= width * (height - 1) || k % width === 0 || k % width === width - 1);
      assert.equal(filled.data[at], Number(!outside && hole.length <= 6));
    }
  }
});
