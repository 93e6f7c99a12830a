import assert from "node:assert/strict";
import { test } from "node:test";

import { rimOf } from "../../../../static/js/editor/render/canvas2d/rim.js";
import { candidateLook, rimCells, rimColor } from "../../../../static/js/editor/render/layers.js";

const ENDS = { left: true, top: true, right: true, bottom: true };

/** @param {string[]} rows "#" all covered, "+" a little, "." not @param {number} depth @param {Partial<typeof ENDS>} [ends] */
function rim(rows, depth, ends = {}) {
  const alpha = Uint8ClampedArray.from(rows.join(""), (cell) => ({ "#": 255, "+": 60 })[cell] ?? 0);
  const found = rimOf(alpha, rows[0].length, rows.length, depth, { ...ENDS, ...ends });
  return rows.map((row, y) => [...row].map((_, x) => found[y * row.length + x]).join(""));
}

test("the rim is the outermost cells, and those that are hardly covered", () => {
  assert.deepEqual(rim([".....", ".####", ".####", ".####", "....+"], 1), ["00000", "01111", "01001", "01111", "00001"]);
  assert.deepEqual(rim(["#####", "#####", "#####", "#####", "#####"], 2), ["11111", "11111", "11011", "11111", "11111"]);
});

test("a side at which the mask is only cut off has none", () => {
  assert.deepEqual(rim(["###", "###", "###"], 1, { left: false, top: false }), ["001", "001", "111"]);
});

test("a hole has one too", () => {
  assert.equal(rim(["#####", "#####", "##.##", "#####", "#####"], 1).join("/"), "11111/10101/11011/10101/11111");
});

test("its shade stands out, and it is about as wide at every zoom", () => {
  const brightness = (/** @type {readonly number[]} */ color) => color.reduce((sum, each) => sum + each, 0) / 3;
  for (const color of /** @type {[number, number, number][]} */ ([[0.9, 0.62, 0], [0.06, 0.35, 0.35], [0.94, 0.89, 0.26], [0.47, 0, 0.59]])) {
    assert.ok(Math.abs(brightness(rimColor(color)) - brightness(color)) > 0.3, String(color));
    const { edge, edgeIn } = candidateLook(color); // a light and a dark one
    assert.ok(Math.abs(brightness(edge) - brightness(edgeIn)) > 0.4, String(color));
  }
  assert.deepEqual([0.3, 0.9, 1.5, 2, 9].map((scale) => rimCells(scale, 1)), [2, 2, 1, 0, 0]);
  assert.equal(rimCells(1.5, 2), 2);
});
