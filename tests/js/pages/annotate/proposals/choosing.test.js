/** Which proposals are shown, and which a click or a drag is about. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { rleOf } from "../../../../../static/js/geometry/region.js";
import { alike, inside, shownOf, under } from "../../../../../static/js/pages/annotate/proposals/choosing.js";

const ALL = { confidence: 0, stability: 0, size: 0, overlap: 1 };

/** @param {string} id @param {[number, number, number, number]} box */
function proposal(id, box, predicted_iou = 0.9, stability_score = 0.95) {
  const [x, y, width, height] = box;
  const { rle } = rleOf({ x, y, width, height, data: new Uint8Array(width * height).fill(1) }, 100, 80);
  return { id, rle, area: width * height, bbox: box, predicted_iou, stability_score, point: [x, y], crop_box: [0, 0, 100, 80] };
}
/** @param {readonly {id: string}[]} list */
const ids = (list) => list.map(({ id }) => id);

const whole = proposal("whole", [10, 10, 40, 40], 0.8);
const part = proposal("part", [15, 15, 10, 10], 0.95);
const same = proposal("same", [11, 10, 40, 40], 0.9, 0.99);
const list = [part, whole, same];

test("the largest first", () => {
  assert.deepEqual(ids(shownOf(list, ALL, 8000)), ["same", "whole", "part"]);
});

test("each filter leaves out what has less", () => {
  assert.deepEqual(ids(shownOf(list, { ...ALL, confidence: 0.9 }, 8000)), ["same", "part"]);
  assert.deepEqual(ids(shownOf(list, { ...ALL, stability: 0.96 }, 8000)), ["same"]);
  assert.deepEqual(ids(shownOf(list, { ...ALL, size: 0.1 }, 8000)), ["same", "whole"]);
});

test("of two that are alike the more certain one is shown, a part beside its whole", () => {
  assert.deepEqual(ids(shownOf(list, { ...ALL, overlap: 0.7 }, 8000)), ["same", "part"]);
});

test("boxes are compared by their IoU", () => {
  assert.equal(alike([0, 0, 10, 10], [0, 0, 10, 10]), 1);
  assert.equal(alike([0, 0, 10, 10], [5, 0, 10, 10]), 50 / 150);
  assert.equal(alike([0, 0, 10, 10], [10, 0, 10, 10]), 0);
});

test("under a place they are told from part to whole", () => {
  assert.deepEqual(ids(under(list, { x: 16.5, y: 16.5 })), ["part", "whole", "same"]);
  assert.deepEqual(ids(under(list, { x: 10.2, y: 12 })), ["whole"]);
  assert.deepEqual(ids(under(list, { x: 60, y: 60 })), []);
});

test("a drag is about what lies in it, but for a little", () => {
  assert.deepEqual(ids(inside(list, [9, 9, 49.5, 50])), ["part", "whole", "same"]);
  assert.deepEqual(ids(inside(list, [0, 0, 30, 30])), ["part"]);
});
