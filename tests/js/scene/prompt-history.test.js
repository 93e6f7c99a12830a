import assert from "node:assert/strict";
import { test } from "node:test";

import { segmenters } from "../../../static/js/core/state.js";
import {
  EMPTY,
  addPoint,
  amend,
  chosen,
  find,
  isEmpty,
  redo,
  removePoint,
  say,
  setBox,
  undo,
} from "../../../static/js/scene/prompt-history.js";

/** @typedef {import("../../../static/js/core/types.js").Decoded} Decoded */

const POINT = /** @type {const} */ ({ x: 10, y: 20, label: 1 });
/** @type {import("../../../static/js/core/types.js").LowRes} */
const lowRes = { width: 1, height: 1, data: new Float32Array([1]), resize: "longest_side" };
/** @type {Decoded} */
const ANSWER = {
  candidates: [1, 2, 3].map((token) => ({
    token,
    lowRes: { ...lowRes },
    predictedIou: 0.9,
    stability: 0.9,
    areaFraction: 0.1,
  })),
  best: 1,
  where: "wasm",
  threads: 1,
  ms: 1,
  segmenter: segmenters.peek().inUse,
};

/** @param {import("../../../static/js/scene/prompt-history.js").History} history */
const answered = (history) => amend(history, history.present.id, { decoded: ANSWER, choice: ANSWER.best });

test("a further point feeds back the chosen candidate's logits and records its token", () => {
  const first = answered(addPoint(EMPTY, POINT));
  const switched = amend(first, first.present.id, { choice: 2 });
  const second = addPoint(switched, { x: 1, y: 2, label: 0 });
  assert.equal(second.present.feedback, ANSWER.candidates[2].lowRes);
  assert.equal(second.present.points.length, 2);
  assert.deepEqual(
    second.present.steps.map(({ kind }) => kind),
    ["point", "mask", "point"],
  );
  assert.deepEqual(second.present.steps[1], { kind: "mask", token: 3 });
});

test("a further point before the answer waits for it", () => {
  const first = addPoint(EMPTY, POINT);
  const second = addPoint(first, POINT);
  assert.equal(second.present.feedback, null);
  assert.equal(second.present.refines, first.present.id);
});

test("removing a point decodes afresh: no feedback, no mask among the steps", () => {
  const first = answered(addPoint(EMPTY, POINT));
  const second = answered(addPoint(first, { x: 1, y: 2, label: 0 }));
  const removed = removePoint(second, 1);
  assert.deepEqual(removed.present.points, [POINT]);
  assert.equal(removed.present.feedback, null);
  assert.equal(removed.present.decoded, null);
  assert.deepEqual(removed.present.steps, [{ kind: "point", ...POINT }]);
});

test("a box keeps the points and is decoded afresh", () => {
  const boxed = setBox(answered(addPoint(EMPTY, POINT)), [0, 0, 5, 5]);
  assert.deepEqual(boxed.present.points, [POINT]);
  assert.equal(boxed.present.feedback, null);
  assert.deepEqual(
    boxed.present.steps.map(({ kind }) => kind),
    ["box", "point"],
  );
});

test("undo and redo give back the very snapshots, with their answers", () => {
  const first = answered(addPoint(EMPTY, POINT));
  const second = answered(addPoint(first, POINT));
  const back = undo(second);
  assert.equal(back.present, first.present);
  assert.equal(chosen(back.present), ANSWER.candidates[1]);
  assert.equal(redo(back).present, second.present);
  assert.ok(isEmpty(undo(back).present));
  assert.equal(undo(EMPTY), EMPTY);
  assert.equal(redo(EMPTY), EMPTY);
});

test("a new step after undo drops what was undone", () => {
  const second = addPoint(addPoint(EMPTY, POINT), POINT);
  assert.equal(addPoint(undo(second), POINT).future.length, 0);
});

test("an answer finds its snapshot wherever it is, and snapshots do not change", () => {
  const first = addPoint(EMPTY, POINT);
  const second = addPoint(first, POINT);
  const late = amend(second, first.present.id, { decoded: ANSWER });
  assert.equal(find(late, first.present.id)?.decoded, ANSWER);
  assert.equal(first.present.decoded, null);
  assert.ok(Object.isFrozen(late.present));
});

test("a prompt said at once is one step to undo", () => {
  const said = say(EMPTY, [POINT, POINT], [0, 0, 1, 1]);
  assert.equal(said.past.length, 1);
  assert.ok(isEmpty(undo(said).present));
});
