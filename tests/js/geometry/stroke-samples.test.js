import assert from "node:assert/strict";
import test from "node:test";

import { boundsOf, placesAlong, placesInside } from "../../../static/js/geometry/stroke-samples.js";

test("places lie evenly along a stroke by its length", () => {
  const corner = [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 6, y: 0 }, { x: 6, y: 0 }, { x: 6, y: 6 }];
  assert.deepEqual(placesAlong(corner, 4, 0.125), [
    { x: 1.5, y: 0 },
    { x: 4.5, y: 0 },
    { x: 6, y: 1.5 },
    { x: 6, y: 4.5 },
  ]);
  assert.deepEqual(placesAlong(corner, 3), [corner[0], corner[2], corner[4]]);
  assert.deepEqual(placesAlong([...corner, corner[4]], 2), [corner[0], corner[4]]);
  assert.deepEqual(placesAlong([{ x: 3, y: 4 }], 4), [{ x: 3, y: 4 }]);
});

test("a loop's first place is its deepest, the others are spread", () => {
  const loop = [{ x: 0, y: 0 }, { x: 60, y: 0 }, { x: 60, y: 20 }, { x: 0, y: 20 }];
  assert.deepEqual(boundsOf(loop), [0, 0, 60, 20]);
  const places = placesInside(loop, 4);
  assert.equal(places.length, 4);
  assert.ok(Math.abs(places[0].y - 10) < 1);
  for (const { x, y } of places) assert.ok(x > 3 && x < 57 && y > 3 && y < 17, `${x}, ${y}`);
  const xs = places.map(({ x }) => x).sort((a, b) => a - b);
  for (let i = 1; i < xs.length; i++) assert.ok(xs[i] - xs[i - 1] > 5, `${xs}`);
});

test("no place lies in the notch of a loop that is bent around it", () => {
  const bent = [
    { x: 0, y: 0 }, { x: 50, y: 0 }, { x: 50, y: 50 }, { x: 40, y: 50 }, { x: 40, y: 10 }, { x: 10, y: 10 },
    { x: 10, y: 50 }, { x: 0, y: 50 },
  ]; // prettier-ignore
  for (const { x, y } of placesInside(bent, 6)) assert.ok(x < 10 || x > 40 || y < 10, `${x}, ${y}`);
});

test("a loop drawn over its own beginning is as good, and a line encloses nothing", () => {
  const round = Array.from({ length: 500 }, (_, i) => ({ x: 50 + 20 * Math.cos(i / 70), y: 50 + 20 * Math.sin(i / 70) }));
  const [middle] = placesInside(round, 1);
  assert.ok(Math.hypot(middle.x - 50, middle.y - 50) < 2);
  assert.deepEqual(placesInside([{ x: 1, y: 1 }, { x: 9, y: 9 }], 3), []);
  assert.deepEqual(placesInside([{ x: 1, y: 1 }], 3), []);
});
