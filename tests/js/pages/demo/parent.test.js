/** What a stranger's page may ask of the image in its frame, and what is no prompt. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { promptOf } from "../../../../static/js/pages/demo/parent.js";

const IMAGE = { width: 40, height: 30 };
const asked = (/** @type {unknown} */ message) => promptOf(/** @type {object} */ (message), IMAGE);

test("points and boxes are taken in image pixels; a point without a label includes", () => {
  assert.deepEqual(asked({ points: [[1, 2, 1], [3, 4, 0], [5, 6]] }), {
    points: [{ x: 1, y: 2, label: 1 }, { x: 3, y: 4, label: 0 }, { x: 5, y: 6, label: 1 }],
    box: null,
  });
  assert.deepEqual(asked({ box: [1, 2, 3, 4] }), { points: [], box: [1, 2, 3, 4] });
});

test("what lies outside is moved to the edge, and a box's corners may come in any order", () => {
  assert.deepEqual(asked({ points: [[-5, 99]], box: [50, 20, -3, 1e9] }), { points: [{ x: 0, y: 30, label: 1 }], box: [0, 20, 40, 30] });
});

test("what has no mask is no prompt", () => {
  const nothing = [
    {},
    { points: [] },
    { points: [[1, 2, 0]] }, // leaves out, of nothing
    { box: [5, 5, 5, 9] },
    { box: [50, 5, 60, 9] }, // outside
  ];
  for (const message of nothing) assert.equal(asked(message), null, JSON.stringify(message));
});

test("one thing of a wrong shape, and none of it is taken", () => {
  const fine = [[1, 2, 1]];
  const wrong = [
    ...["none", 7, null, { length: 1, 0: [1, 2] }, [[]], [[1]], [["1", 2]], [[NaN, 2]], [[1, Infinity]], [[1, 2, 2]], [[1, 2, "1"]], [null]].map((points) => ({ points, box: [1, 2, 3, 4] })),
    ...["none", 7, [], [1, 2, 3], [1, 2, 3, 4, 5], [1, 2, 3, "4"], [1, 2, 3, NaN], { 0: 1 }].map((box) => ({ points: fine, box })),
    { points: [...fine, [{}, 2]] },
    { points: Array(201).fill([1, 2, 1]) },
  ];
  for (const message of wrong) assert.equal(asked(message), null, JSON.stringify(message));
});
