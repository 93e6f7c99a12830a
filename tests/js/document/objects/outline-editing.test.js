/** Corners of outlines: which is meant, how they change, what they are drawn to, and how long they are kept. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { regionOf, rleOf, trimmed } from "../../../../static/js/geometry/region.js";
import { fillRings, ringOf } from "../../../../static/js/geometry/rings.js";
import { simplifyLine } from "../../../../static/js/geometry/simplify.js";
import { createOutlines } from "../../../../static/js/document/objects/outline-states.js";
import { snapped } from "../../../../static/js/editor/snapping.js";
import {
  cornersOf,
  edgeAt,
  placeOf,
  vertexAt,
  withInserted,
  withMoved,
  withRemoved,
} from "../../../../static/js/editor/vertices.js";
import { chance, drawn, speckled } from "../../geometry/pictures.js";

/** @typedef {import("../../../../static/js/core/types.js").Annotation} Annotation */

const SQUARE = ringOf([{ x: 10, y: 10 }, { x: 30, y: 10 }, { x: 30, y: 30 }, { x: 10, y: 30 }]);
const HOLE = ringOf([{ x: 18, y: 18 }, { x: 22, y: 18 }, { x: 20, y: 22 }]);
const RINGS = [SQUARE, HOLE];

test("the nearest corner or edge within reach is meant", () => {
  assert.deepEqual(vertexAt(RINGS, { x: 12, y: 11 }, 3), { ring: 0, at: 0 });
  assert.deepEqual(vertexAt(RINGS, { x: 20, y: 21 }, 3), { ring: 1, at: 2 });
  assert.equal(vertexAt(RINGS, { x: 14, y: 14 }, 3), null);
  assert.deepEqual(edgeAt(RINGS, { x: 8, y: 20 }, 3), { ring: 0, at: 3, place: { x: 10, y: 20 } });
  assert.equal(edgeAt(RINGS, { x: 14, y: 24 }, 3), null);
});

test("a corner is moved, added, taken out; what is too small to be a ring goes", () => {
  const moved = withMoved(RINGS, { ring: 0, at: 2 }, { x: 40, y: 50 });
  assert.deepEqual(placeOf(moved, { ring: 0, at: 2 }), { x: 40, y: 50 });
  assert.deepEqual(placeOf(RINGS, { ring: 0, at: 2 }), { x: 30, y: 30 });
  const added = withInserted(RINGS, { ring: 0, at: 3 }, { x: 5, y: 20 });
  assert.deepEqual([...added[0]], [10, 10, 30, 10, 30, 30, 10, 30, 5, 20]);
  assert.deepEqual([...withRemoved(RINGS, { ring: 0, at: 0 })[0]], [30, 10, 30, 30, 10, 30]);
  assert.deepEqual(withRemoved(RINGS, { ring: 1, at: 1 }), [SQUARE]);
  assert.equal(cornersOf(added), 8);
});

test("corners of a mask fill it again, and are kept with it", () => {
  const outlines = createOutlines();
  const next = chance(31);
  const { rle } = rleOf(speckled(next, 40, 30, 55, 5), 60, 50);
  const state = outlines.of(rle);
  assert.deepEqual(trimmed(fillRings(state.rings)), regionOf(rle));
  assert.deepEqual([state.tolerance, state.iou, state.base], [0, 1, rle]);
  const coarse = outlines.simplified(rle, 3);
  assert.ok(cornersOf(coarse.rings) < cornersOf(state.rings) && coarse.iou < 1);
  const after = rleOf(fillRings(coarse.rings), 60, 50).rle;
  outlines.keep(after, coarse);
  assert.equal(outlines.of(after), coarse);
  assert.equal(outlines.simplified(outlines.of(after).base, 0), state); // the slider can go back
});

test("corners a person put are those that are simplified", () => {
  const outlines = createOutlines();
  const rings = [ringOf([{ x: 1.2, y: 1.1 }, { x: 20.3, y: 1.4 }, { x: 40.1, y: 1.2 }, { x: 20, y: 25.7 }])];
  const { rle } = rleOf(fillRings(rings), 60, 50);
  outlines.keep(rle, { rings, base: rle, tolerance: 0, iou: 1, own: true });
  assert.deepEqual([...outlines.simplified(rle, 1).rings[0]], [1.2, 1.1, 40.1, 1.2, 20, 25.7]);
  assert.equal(outlines.simplified(rle, 0).rings, rings);
  assert.ok(outlines.simplified(rle, 500).rings[0].length >= 4);
});

test("places are drawn to corners before edges of the picture", () => {
  const outlines = createOutlines();
  const square = /** @type {Annotation} */ (/** @type {unknown} */ (rleOf(drawn(["####", "####", "####"], 3, 0), 20, 20)));
  const among = { picture: { width: 20, height: 20 }, objects: [square], outlines };
  assert.deepEqual(snapped({ x: 6.8, y: 3.4 }, 1, among), { x: 7, y: 3 });
  assert.deepEqual(snapped({ x: 19.5, y: 10 }, 1, among), { x: 20, y: 10 });
  assert.deepEqual(snapped({ x: 0.4, y: 19.2 }, 1, among), { x: 0, y: 20 });
  assert.equal(snapped({ x: 12, y: 12 }, 1, among), null);
});

test("a line keeps its ends and what leads away from it", () => {
  const line = ringOf([{ x: 0, y: 0 }, { x: 5, y: 0.2 }, { x: 10, y: 0 }, { x: 10, y: 9 }]);
  assert.deepEqual([...simplifyLine(line, 0.5)], [0, 0, 10, 0, 10, 9]);
  assert.equal(simplifyLine(line.slice(0, 4), 0.5).length, 4);
});
