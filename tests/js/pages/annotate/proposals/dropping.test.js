/** What the outbox is given of proposals that were dropped, and of those that are wanted again. */

import assert from "node:assert/strict";
import { test } from "node:test";

import * as reactive from "../../../../../static/js/core/signals.js";
import { droppedIn, tellDropped } from "../../../../../static/js/pages/annotate/proposals/dropping.js";

/** A document that writes down what is put in its outbox. */
function world() {
  const told = /** @type {unknown[]} */ ([]);
  const doc = {
    dropped: reactive.signal(/** @type {string[]} */ ([])),
    image: reactive.signal({ id: "one" }),
    project: reactive.signal({ id: "p" }),
    saves: true,
    outbox: {
      /** @param {import("../../../../../static/js/document/sync/pending.js").Pending} change */
      put: ({ kind, project, image, of, words }) => void told.push({ kind, project, image, of, ...words }),
    },
  };
  const running = reactive.signal(/** @type {number|null} */ (null));
  tellDropped(/** @type {any} */ (doc), running, reactive);
  return { doc, told, running };
}
const ABOUT = { kind: "proposals", project: "p", image: "one", of: "proposals/one" };

test("each change is put in the outbox at once", () => {
  const { doc, told } = world();
  doc.dropped.value = ["a"];
  doc.dropped.value = ["a", "b"];
  doc.dropped.value = ["b"];
  assert.deepEqual(told, [
    { ...ABOUT, drop: ["a"], restore: [] },
    { ...ABOUT, drop: ["b"], restore: [] },
    { ...ABOUT, drop: [], restore: ["a"] },
  ]);
});

test("what a run is still finding is told once that is stored, the latest word alone", () => {
  const { doc, told, running } = world();
  running.value = 0.5;
  doc.dropped.value = ["a"];
  doc.dropped.value = ["a", "b"];
  doc.dropped.value = ["b"];
  assert.deepEqual(told, []);
  running.value = null;
  assert.deepEqual(told, [{ ...ABOUT, drop: ["b"], restore: ["a"] }]);
});

test("another image's are no change of this one's, nor are those of who only tries", () => {
  const { doc, told } = world();
  doc.dropped.value = ["a"];
  reactive.batch(() => {
    doc.image.value = { id: "two" };
    doc.dropped.value = [];
  });
  assert.equal(told.length, 1);
  doc.saves = false;
  doc.dropped.value = ["c"];
  assert.equal(told.length, 1);
});

test("of what waits, the last word on each counts", () => {
  const waiting = [{}, { words: { drop: ["a", "b"], restore: [] } }, { words: { drop: ["c"], restore: ["a"] } }];
  assert.deepEqual([...droppedIn(/** @type {any} */ (waiting))], ["b", "c"]);
});
