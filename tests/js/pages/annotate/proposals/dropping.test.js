/** What the server is told of proposals that were dropped, and of those that are wanted again. */

import assert from "node:assert/strict";
import { test } from "node:test";

import * as reactive from "../../../../../static/js/core/signals.js";
import { tellDropped } from "../../../../../static/js/pages/annotate/proposals/dropping.js";

/** A document, and a server that answers when it is told to. */
function world() {
  const doc = { dropped: reactive.signal(/** @type {string[]} */ ([])), image: reactive.signal({ id: "one" }), project: reactive.signal({ id: "p" }), saves: true };
  const told = /** @type {unknown[]} */ ([]);
  const answers = /** @type {Array<(status?: number) => Promise<void>>} */ ([]);
  const online = reactive.signal(true);
  const running = reactive.signal(/** @type {number|null} */ (null));
  const api = {
    /** @param {string} _project @param {string} image @param {object} change */
    changeProposals(_project, image, change) {
      told.push({ image, ...change });
      return new Promise((resolve, reject) => {
        answers.push(async (status) => {
          if (status === undefined) resolve(null);
          else reject({ status });
          await new Promise((done) => setTimeout(done));
        });
      });
    },
  };
  tellDropped(/** @type {any} */ (doc), /** @type {any} */ (api), running, { reactive, online });
  return { doc, told, answers, online, running };
}

test("what changes while an answer is on its way is told next, the latest word alone", async () => {
  const { doc, told, answers } = world();
  doc.dropped.value = ["a"];
  doc.dropped.value = ["a", "b"];
  doc.dropped.value = ["b"];
  assert.deepEqual(told, [{ image: "one", drop: ["a"], restore: [] }]);
  await answers[0]();
  assert.deepEqual(told[1], { image: "one", drop: ["b"], restore: ["a"] });
});

test("what nobody has heard is told when the server is back, what was refused is not", async () => {
  const { doc, told, answers, online } = world();
  doc.dropped.value = ["a"];
  online.value = false;
  await answers[0](0);
  assert.equal(told.length, 1);
  online.value = true;
  assert.deepEqual(told[1], { image: "one", drop: ["a"], restore: [] });
  await answers[1](404);
  online.value = false;
  online.value = true;
  assert.equal(told.length, 2);
});

test("a server that is too busy hears it later, and one that is finding more once that is stored", async () => {
  const { doc, told, answers, online, running } = world();
  doc.dropped.value = ["a"];
  await answers[0](429);
  online.value = false;
  online.value = true;
  assert.deepEqual(told[1], { image: "one", drop: ["a"], restore: [] });
  await answers[1]();
  running.value = 0.5;
  doc.dropped.value = ["a", "b"];
  assert.equal(told.length, 2);
  running.value = null;
  assert.deepEqual(told[2], { image: "one", drop: ["b"], restore: [] });
});

test("another image's are no change of this one's", () => {
  const { doc, told } = world();
  doc.dropped.value = ["a"];
  reactive.batch(() => {
    doc.image.value = { id: "two" };
    doc.dropped.value = [];
  });
  assert.equal(told.length, 1);
});
