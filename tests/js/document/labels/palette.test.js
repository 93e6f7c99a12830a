import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { PALETTE, freeColor, paletteColor, rgb } from "../../../../static/js/document/labels/palette.js";

/** @param {number} value sRGB 0..1 */
const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** @param {number[][]} matrix @param {number[]} vector */
const times = (matrix, vector) =>
  matrix.map((row) => row.reduce((sum, weight, i) => sum + weight * vector[i], 0));

const TO_LMS = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const TO_LAB = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];
// Machado, Oliveira and Fernandes 2009, severity 1, in linear RGB
const SIGHTS = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** @param {string} hex @param {number[][]} sight @returns {number[]} OKLab */
function seen(hex, sight) {
  const light = times(sight, rgb(hex).map(linear)).map((value) => Math.min(1, Math.max(0, value)));
  return times(TO_LAB, times(TO_LMS, light).map(Math.cbrt));
}

/** @param {number[][]} sight @param {readonly string[]} [colors] */
function closest(sight, colors = PALETTE) {
  const labs = colors.map((hex) => seen(hex, sight));
  let least = Infinity;
  labs.forEach((a, i) =>
    labs
      .slice(i + 1)
      .forEach((b) => (least = Math.min(least, Math.hypot(...a.map((value, k) => value - b[k]))))),
  );
  return least;
}

test("24 colours lie apart in OKLab, to normal and to colour-blind eyes", () => {
  assert.equal(PALETTE.length, 24);
  assert.ok(closest(SIGHTS.normal) > 0.09);
  for (const sight of [SIGHTS.protan, SIGHTS.deutan, SIGHTS.tritan]) assert.ok(closest(sight) > 0.045);
});

test("80 labels still have colours one can tell apart", () => {
  const colors = Array.from({ length: 80 }, (_, i) => paletteColor(i));
  assert.ok(closest(SIGHTS.normal, colors) > 0.045);
});

test("the server has the same colours", () => {
  // tests/unit/domain/test_palette.py says the same of the other
  const written = Array.from({ length: 400 }, (_, i) => paletteColor(i)).join();
  assert.ok(createHash("sha256").update(written).digest("hex").startsWith("6c5579437ab33a4b"));
});

test("colours never run out and are well formed", () => {
  const many = Array.from({ length: 200 }, (_, i) => paletteColor(i));
  for (const color of many) assert.match(color, /^#[0-9a-f]{6}$/);
  assert.ok(new Set(many).size > 190);
  assert.equal(freeColor([PALETTE[0], PALETTE[2]]), PALETTE[1]);
});
