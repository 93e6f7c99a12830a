import assert from "node:assert/strict";
import { test } from "node:test";

import { docked, leastCovering, overlap, rectAt, shareOf } from "../../../../static/js/pages/annotate/stage/placing.js";

const ROOM = { width: 1000, height: 700 };
const SIZE = { width: 400, height: 90 };
const OBJECT = { x: 300, y: 200, width: 200, height: 200 };

/** @param {Partial<Parameters<typeof docked>[0]>} asked */
const place = (asked) =>
  docked({ size: SIZE, room: ROOM, objects: [OBJECT], before: null, wish: null, pointer: null, taken: [], ...asked });

test("the bar docks at the foot, else at the top, else in a corner, clear of the object", () => {
  assert.deepEqual(place({}), { dock: "bottom", rect: { x: 300, y: 602, ...SIZE } });
  assert.equal(place({ objects: [{ ...OBJECT, height: 390 }] })?.dock, "top", "12 pixels are not clear");
  assert.equal(place({ objects: [{ x: 350, y: 0, width: 200, height: 700 }], size: { ...SIZE, width: 300 } })?.dock, "bottom-right");
});

test("a dock just beside the object is taken before none", () => {
  const [dock] = [place({ objects: [{ x: 0, y: 90, width: 1000, height: 505 }] })?.dock];
  assert.equal(dock, "bottom");
  assert.equal(place({ objects: [{ x: 0, y: 0, ...ROOM }] }), null);
});

test("the dock stays while it covers nothing, though another would be tried first", () => {
  assert.equal(place({ before: "top-left" })?.dock, "top-left");
  const grown = { ...OBJECT, height: 395 };
  assert.equal(place({ before: "bottom", objects: [grown] })?.dock, "bottom", "an object that comes near moves nothing");
  assert.equal(place({ before: "bottom", objects: [{ ...OBJECT, height: 450 }] })?.dock, "top");
});

test("what looking through the candidates will show is kept free too, if it can be", () => {
  const larger = { x: 300, y: 200, width: 200, height: 450 };
  assert.equal(place({ objects: [larger, OBJECT] })?.dock, "top");
  assert.equal(place({ objects: [{ x: 0, y: 0, ...ROOM }, OBJECT] })?.dock, "bottom");
});

test("the bar never lies under the pointer, nor over what lies there already", () => {
  assert.equal(place({ pointer: { x: 500, y: 650 } })?.dock, "top");
  assert.equal(place({ before: "bottom", pointer: { x: 310, y: 580 } })?.dock, "bottom", "it does not run away either");
  assert.equal(place({ taken: [{ x: 8, y: 8, width: 984, height: 36 }], objects: [{ ...OBJECT, height: 450 }] })?.dock, "bottom-right");
});

test("a place of one's own comes first, in every size of window, and gives way to the object", () => {
  const wish = shareOf({ x: 20, y: 300 }, SIZE, ROOM);
  const small = { width: 640, height: 500 };
  const object = { x: 500, y: 10, width: 50, height: 50 };
  assert.deepEqual(place({ wish, objects: [object] }), { dock: "wish", rect: { x: 20, y: 300, ...SIZE } });
  const rect = place({ wish, objects: [object], room: small })?.rect;
  assert.ok(rect && rect.x < 20 && rect.y > 150 && rect.y < 250);
  assert.equal(place({ wish, objects: [{ x: 30, y: 320, width: 40, height: 40 }] })?.dock, "bottom");
  assert.deepEqual(shareOf({ x: -50, y: 5000 }, SIZE, ROOM), { x: 0, y: 1 });
});

test("it covers no object wherever there is room beside it", () => {
  for (let x = -200; x < 1000; x += 90) {
    for (let y = -200; y < 700; y += 70) {
      const object = { x, y, width: 330, height: 280 };
      const found = place({ objects: [object] });
      assert.ok(found && overlap(found.rect, object) === 0, `${x}, ${y}`);
    }
  }
});

test("without room it covers least, and no point of the prompt", () => {
  const room = { width: 360, height: 630 };
  const size = { width: 344, height: 130 };
  const objects = [{ x: 0, y: 60, width: 360, height: 570 }];
  const asked = { size, room, objects, taken: [], before: null };
  assert.equal(leastCovering({ ...asked, marks: [] }).dock, "top");
  assert.equal(leastCovering({ ...asked, marks: [{ x: 100, y: 100, width: 0, height: 0 }] }).dock, "bottom");
  assert.deepEqual(rectAt({ x: 0.5, y: 1 }, size, room), { x: 8, y: 492, ...size });
});
