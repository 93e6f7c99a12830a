import assert from "node:assert/strict";
import { test } from "node:test";

import { freePlace, overlap } from "../../static/js/ui/annotate/placing.js";

const ROOM = { width: 1000, height: 700 };
const STRIP = { width: 400, height: 64 };

test("the strip lies below the object, else above, else beside", () => {
  const below = freePlace({ x: 300, y: 100, width: 200, height: 200 }, STRIP, ROOM, null);
  assert.deepEqual([below?.x, below?.y], [200, 312]);
  const above = freePlace({ x: 300, y: 400, width: 200, height: 280 }, STRIP, ROOM, null);
  assert.equal(above?.y, 400 - 64 - 12);
  const beside = freePlace({ x: 0, y: 0, width: 200, height: 700 }, STRIP, ROOM, null);
  assert.equal(beside?.x, 212);
});

test("the strip never covers the object: without room it has no place on the stage", () => {
  assert.equal(freePlace({ x: -10, y: -10, width: 1100, height: 800 }, STRIP, ROOM, null), null);
  for (let x = -200; x < 1000; x += 90) {
    for (let y = -200; y < 700; y += 70) {
      const object = { x, y, width: 330, height: 280 };
      const place = freePlace(object, STRIP, ROOM, null);
      assert.ok(place && overlap(place, object) === 0);
    }
  }
});

test("the strip stays where it is while that is free", () => {
  const object = { x: 300, y: 100, width: 200, height: 200 };
  const before = { x: 20, y: 500, ...STRIP };
  assert.deepEqual(freePlace(object, STRIP, ROOM, before), before);
});
