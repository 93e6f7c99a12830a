/** Which proposal the magic wand means, by what it finds coloured alike. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { rleOf } from "../../../../../static/js/geometry/region.js";
import { matchOf } from "../../../../../static/js/pages/annotate/proposals/matching.js";

/** @param {number} x @param {number} y @param {number} width @param {number} height @param {(x: number, y: number) => boolean} [has] */
function region(x, y, width, height, has = () => true) {
  const data = Uint8Array.from({ length: width * height }, (_, i) => Number(has(i % width, Math.floor(i / width))));
  return { x, y, width, height, data };
}
/** @param {string} id @param {[number, number, number, number]} bbox */
function proposal(id, bbox) {
  const { rle, area } = rleOf(region(...bbox), 200, 100);
  const [x, y] = bbox;
  return { id, rle, area, bbox, predicted_iou: 0.9, stability_score: 0.95, point: [x, y], crop_box: [0, 0, 200, 100] };
}

const whole = proposal("whole", [10, 10, 80, 80]);
const part = proposal("part", [20, 20, 40, 40]);
const shown = [whole, part];
const place = { x: 30.5, y: 30.5 };

test("what is the same thing, wherever the pointer is in it", () => {
  assert.equal(matchOf({ region: region(22, 22, 36, 36), step: 1 }, shown, place)?.proposal.id, "part");
  assert.equal(matchOf({ region: region(12, 12, 76, 76), step: 1 }, shown, place)?.proposal.id, "whole");
});

test("a part of one colour that nobody proposed stays itself", () => {
  assert.equal(matchOf({ region: region(25, 25, 15, 15), step: 1 }, shown, place), null);
});

test("speckles stand for the smallest that holds them", () => {
  const checkered = (/** @type {number} */ x, /** @type {number} */ y) => (x + y) % 2 === 0;
  assert.equal(matchOf({ region: region(25, 25, 15, 15, checkered), step: 1 }, shown, place)?.proposal.id, "part");
  assert.equal(matchOf({ region: region(30, 30, 1, 1), step: 1 }, shown, place)?.proposal.id, "part");
  assert.equal(matchOf({ region: region(25, 25, 60, 60, checkered), step: 1 }, shown, place)?.proposal.id, "whole");
  assert.equal(matchOf({ region: region(0, 0, 200, 100, checkered), step: 1 }, shown, place), null);
});

test("nothing is meant where nothing is proposed", () => {
  assert.equal(matchOf({ region: region(150, 10, 1, 1), step: 1 }, shown, { x: 150.5, y: 10.5 }), null);
});

test("a coarse region is compared at its own step", () => {
  const found = matchOf({ region: region(5, 5, 10, 9), step: 4 }, shown, place);
  assert.equal(found?.proposal.id, "part");
  assert.equal(found?.flooded.step, 4);
  assert.deepEqual({ ...found?.flooded.region, data: null }, { x: 5, y: 5, width: 10, height: 10, data: null });
  const many = { region: region(2, 2, 21, 21), step: 4 };
  assert.equal(matchOf(many, shown, place)?.proposal.id, "whole");
});
