import assert from "node:assert/strict";
import { test } from "node:test";

import { createPulls, share } from "../../../static/js/engine/pulls.js";

/** @typedef {import("../../../static/js/core/types.js").SegmenterPull} SegmenterPull */

/** @param {Partial<SegmenterPull>} [changes] @returns {SegmenterPull} */
const pullOf = (changes = {}) => ({
  id: "tiny", title: "Tiny", licence: "MIT", download_bytes: 200, quality: null, needs: null,
  state: "available", step: null, bytes: 0, error: null, ...changes,
});
const RUNNING = pullOf({ state: "running", step: "downloading", bytes: 50 });
const FAILED = pullOf({ state: "failed", error: { code: "unavailable", message: "No network.", hint: "" } });

/** A server that says these in turn, the last again and again. @param {Array<SegmenterPull[]|Error>} answers */
function desk(answers) {
  /** @type {string[]} */
  const asked = [];
  let refreshed = 0;
  /** @type {Error|null} */
  let refusal = null;
  /** @type {Array<() => void>} */
  const waiting = [];
  /** @param {string} what */
  const said = (what) => async () => {
    asked.push(what);
    if (refusal) throw refusal;
    return pullOf();
  };
  const api = {
    async pulls() {
      asked.push("list");
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (!answer || answer instanceof Error) throw answer;
      return { pulls: answer, allowed: true, command: "samphire segmenters pull" };
    },
    startPull: said("start"),
    cancelPull: said("cancel"),
  };
  const pulls = createPulls({
    api,
    refresh: async () => void refreshed++,
    pause: () => new Promise((done) => void waiting.push(() => done(undefined))),
  });
  return {
    pulls,
    asked,
    refreshed: () => refreshed,
    refuse: (/** @type {Error|null} */ error) => (refusal = error),
    waits: () => waiting.length,
    /** Lets the next question be asked, and answered. */
    async next() {
      waiting.shift()?.();
      for (let i = 0; i < 10; i++) await null;
    },
  };
}

test("a started download is polled until it is installed, and announced once", async () => {
  const { pulls, asked, refreshed, next, waits } = desk([[pullOf()], [RUNNING], [{ ...RUNNING, step: "testing" }], []]);
  await pulls.look();
  assert.equal(waits(), 0); // nothing runs: nobody asks again
  await pulls.start("tiny");
  assert.deepEqual(asked, ["list", "start", "list"]);
  assert.equal(share(/** @type {SegmenterPull} */ (pulls.standing.peek().pulls[0])), 0.25);
  await next();
  assert.equal(pulls.standing.peek().pulls[0]?.step, "testing");
  assert.equal(refreshed(), 0);
  await next();
  assert.equal(refreshed(), 1);
  assert.deepEqual(pulls.ended.peek(), { id: "tiny", title: "Tiny", error: null });
  assert.equal(waits(), 0);
});

test("a page that is opened meanwhile follows it too, and one that fails says why", async () => {
  const { pulls, refreshed, next, waits } = desk([[RUNNING], [FAILED]]);
  await pulls.look();
  await pulls.look();
  assert.equal(waits(), 1);
  assert.equal(pulls.standing.peek().pulls[0]?.state, "failed");
  assert.deepEqual(pulls.ended.peek(), { id: "tiny", title: "Tiny", error: "No network." });
  assert.equal(refreshed(), 0);
  await next();
  assert.equal(waits(), 0);
});

test("one that is cancelled has come to no end worth telling", async () => {
  const { pulls, asked } = desk([[RUNNING], [pullOf()]]);
  await pulls.look();
  await pulls.cancel("tiny");
  assert.deepEqual(asked, ["list", "cancel", "list"]);
  assert.equal(pulls.ended.peek(), null);
  assert.equal(pulls.standing.peek().asked, null);
});

test("a second press while the first is not answered does nothing", async () => {
  const { pulls, asked } = desk([[pullOf()], [RUNNING]]);
  await pulls.look();
  const first = pulls.start("tiny");
  assert.equal(pulls.standing.peek().asked, "tiny");
  await Promise.all([pulls.start("tiny"), first]);
  assert.equal(asked.filter((what) => what === "start").length, 1);
});

test("one that is started again before its cancelling is confirmed is started after that", async () => {
  const { pulls, asked } = desk([[RUNNING], [pullOf()], [RUNNING]]);
  await pulls.look();
  await Promise.all([pulls.cancel("tiny"), pulls.start("tiny"), pulls.start("tiny")]);
  assert.deepEqual(asked, ["list", "cancel", "list", "start", "list"]);
  assert.equal(pulls.standing.peek().asked, null);
});

test("a refusal stands where it was pressed until it is pressed again", async () => {
  const { pulls, refuse } = desk([[pullOf()]]);
  await pulls.look();
  refuse(Object.assign(new Error("Not you."), { hint: "Ask them." }));
  await pulls.start("tiny");
  assert.deepEqual(pulls.standing.peek().refusal, { id: "tiny", message: "Not you. Ask them." });
  refuse(null);
  await pulls.start("tiny");
  assert.equal(pulls.standing.peek().refusal, null);
});

test("while the server cannot be reached it is asked again, and what is known stays", async () => {
  const { pulls, next, waits } = desk([[RUNNING], new Error("away"), [RUNNING], []]);
  await pulls.look();
  await next();
  assert.equal(pulls.standing.peek().pulls.length, 1);
  assert.equal(waits(), 1);
  await next();
  await next();
  assert.equal(pulls.ended.peek()?.error, null);
});

test("how far it is, is known while bytes arrive", () => {
  assert.equal(share(pullOf({ step: "asking" })), null);
  assert.equal(share(pullOf({ step: "downloading", bytes: 300 })), 1);
  assert.equal(share(pullOf({ step: "building", bytes: 200 })), null);
});
