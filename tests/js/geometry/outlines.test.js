/** Outlines and fills, as Python makes them: the fixture is made and checked by tests/js/test_shared_facts.py. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { LOSSLESS, losslessRings, outline, outlines, ringsOf, simplified } from "../../../static/js/geometry/outlines.js";
import { framed, iou, regionOf, rleOf, trimmed } from "../../../static/js/geometry/region.js";
import { fillRings, signedAreaTwice } from "../../../static/js/geometry/rings.js";
import { chance, drawn, speckled } from "./pictures.js";

/** @typedef {import("../../../static/js/geometry/region.js").Region} Region */
/** @typedef {import("../../../static/js/geometry/rings.js").Ring} Ring */

const facts = JSON.parse(readFileSync(new URL("../fixtures/shared_facts.json", import.meta.url), "utf-8")).outlines;
const IMAGE = [40, 31];

/** @param {readonly Ring[]} rings @returns {string} as `digest` of outline_facts.py */
function digest(rings) {
  const told = createHash("sha256");
  for (const ring of rings) {
    told.update(new Uint8Array(Float64Array.of(ring.length / 2).buffer));
    told.update(new Uint8Array(ring.slice().buffer));
  }
  return told.digest("hex").slice(0, 24);
}

/** @param {Region} region @param {any} fact */
function holds(region, fact) {
  const [width, height] = fact.image;
  assert.deepEqual(rleOf(region, width, height), fact.mask);
  const exact = outline(region);
  assert.deepEqual(
    exact.map(({ holes }) => holes.length),
    fact.holes,
  );
  assert.equal(digest(ringsOf(exact)), fact.rings);
  for (const { tolerance, rings, corners, iou: likeness } of fact.simplified) {
    const list = ringsOf(simplified(exact, tolerance));
    assert.equal(
      list.reduce((sum, ring) => sum + ring.length / 2, 0),
      corners,
    );
    assert.equal(digest(list), rings, `within ${tolerance}`);
    assert.equal(iou(fillRings(list), region), likeness);
    if (tolerance <= LOSSLESS) assert.equal(likeness, 1);
  }
}

for (const fact of facts.drawn) {
  test(`the outline of ${fact.name} is Python's`, () => {
    const region = drawn(fact.rows, 2, 1);
    const exact = outlines(region).map((ring) => Array.from({ length: ring.length / 2 }, (_, i) => [...ring.slice(2 * i, 2 * i + 2)]));
    assert.deepEqual(exact, fact.exact);
    holds(region, fact);
  });
}

test("outlines of random masks are Python's", () => {
  for (const fact of facts.speckled) {
    const [width, height] = fact.size;
    const region = speckled(chance(fact.seed), width, height, fact.percent, fact.grain);
    holds({ ...region, x: fact.at[0], y: fact.at[1] }, fact);
  }
});

test("what rings fill is what Python fills", () => {
  for (const fact of facts.fills) {
    const next = chance(fact.seed);
    const rings = Array.from({ length: 1 + (next() % 3) }, () => {
      const corners = 2 + (next() % 9);
      return Float64Array.from({ length: 2 * corners }, () => (next() % (64 * fact.parts_of_a_pixel)) / fact.parts_of_a_pixel - 11);
    });
    assert.equal(digest(rings), fact.rings);
    const region = fact.clipped ? fillRings(rings, IMAGE[0], IMAGE[1]) : fillRings(rings);
    assert.deepEqual([region.x, region.y, region.width, region.height], fact.window);
    assert.equal(rleOf(region, IMAGE[0], IMAGE[1]).rle.counts, fact.counts);
  }
});

test("an outline filled again is the mask, and its rings' areas add up to the mask's", () => {
  const next = chance(99);
  for (let i = 0; i < 300; i++) {
    const grain = 1 + (next() % 4);
    const made = speckled(next, 1 + (next() % 40), 1 + (next() % 30), [5, 40, 60, 95, 100][next() % 5], grain);
    const region = { ...made, x: next() % 9, y: next() % 9 };
    const rings = outlines(region);
    const { rle, area } = rleOf(region, 60, 50);
    const tight = trimmed(region);
    assert.deepEqual(trimmed(fillRings(rings)), tight);
    const lossless = losslessRings(outline(region));
    assert.deepEqual(trimmed(fillRings(lossless)), tight);
    lossless.forEach((ring, k) => assert.ok(ring.length <= rings[k].length));
    assert.deepEqual(framed(fillRings(rings, 60, 50), tight), tight);
    assert.deepEqual(framed(regionOf(rle), tight), tight);
    assert.equal(rings.reduce((sum, ring) => sum + signedAreaTwice(ring), 0), 2 * area);
  }
});
