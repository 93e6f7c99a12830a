import assert from "node:assert/strict";
import { test } from "node:test";

import { NOTHING, fromSteps, isEmpty, leadsTo, sayAll, stepsOf, withBox, withPoints, withoutPoint } from "../../../../static/js/document/prompt/said.js";

const IN = /** @type {const} */ ({ x: 10, y: 20, label: 1 });
const OUT = /** @type {const} */ ({ x: 1, y: 2, label: 0 });
const SIZE = { width: 40, height: 30 };
/** @type {import("../../../../static/js/core/types.js").Rle} */
const MASK = { size: [2, 2], counts: "04" };

test("a further point refines what was said, and its record names the mask fed back", () => {
  const first = withPoints(NOTHING, [IN]);
  const second = withPoints(first, [OUT]);
  assert.equal(second.refines, first);
  assert.deepEqual(stepsOf(first, null), [{ kind: "point", ...IN }]);
  assert.deepEqual(stepsOf(second, { steps: stepsOf(first, null), token: 3 }), [
    { kind: "point", ...IN },
    { kind: "mask", token: 3 },
    { kind: "point", ...OUT },
  ]);
  assert.ok(leadsTo(first, second) && !leadsTo(second, first));
});

test("a removed point, and a box, are decoded afresh", () => {
  const second = withPoints(withPoints(NOTHING, [IN]), [OUT]);
  const removed = withoutPoint(second, 1);
  assert.deepEqual([removed.points, removed.refines], [[IN], null]);
  const boxed = withBox(second, [0, 0, 5, 5]);
  assert.equal(boxed.refines, null);
  assert.deepEqual(
    stepsOf(boxed, null).map(({ kind }) => kind),
    ["box", "point", "point"],
  );
  assert.ok(isEmpty(withoutPoint(withPoints(NOTHING, [IN]), 0)) && Object.isFrozen(boxed));
});

test("what was said comes back from its record, step by step", () => {
  const first = sayAll([IN], [0, 0, 9, 9]);
  const second = withPoints(first, [OUT, IN]);
  const third = withPoints(second, [OUT]);
  const steps = [first, second, third].reduce(
    (before, said) => stepsOf(said, said.refines && { steps: before, token: said === third ? 0 : 2 }),
    /** @type {readonly import("../../../../static/js/core/types.js").PromptStep[]} */ ([]),
  );
  const back = fromSteps(steps, null, SIZE);
  assert.deepEqual(back?.said.points, third.points);
  assert.deepEqual(back?.said.refines?.points, second.points);
  assert.deepEqual(back?.said.refines?.refines?.box, first.box);
  assert.deepEqual([...(back?.tokens.values() ?? [])], [2, 0]);
  assert.equal(fromSteps([], null, SIZE), null);
  assert.equal(fromSteps([{ kind: "mask", token: 1 }, { kind: "point", ...IN }], null, SIZE), null);
});

test("of a mask that was there before, the record says nothing", () => {
  const seeded = sayAll([], [0, 0, 5, 5], { seed: MASK });
  const refined = withPoints(seeded, [IN]);
  assert.deepEqual(stepsOf(refined, { steps: stepsOf(seeded, null), token: 0 }), []);
  assert.equal(withoutPoint(refined, 0).seed, MASK);
});
