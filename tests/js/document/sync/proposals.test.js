/** Dropped proposals wait for the server as any other change does. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../../static/js/core/errors.js";
import { browser, page, server, settle } from "../server.js";

/** @param {string[]} drop @param {string[]} [restore] */
function words(drop, restore = []) {
  const nothing = { version: 0, annotation: null, fields: [], before: {}, state: null };
  const place = { project: "default", image: "picture", of: "proposals/picture" };
  return { ...nothing, ...place, kind: /** @type {const} */ ("proposals"), words: { drop, restore } };
}

/** A server that records what it is sent about proposals. */
function telling() {
  const there = server();
  const told = /** @type {Array<{drop: string[], restore: string[]}>} */ ([]);
  const answer = { error: /** @type {Error|null} */ (null) };
  Object.assign(there.api, {
    /** @param {string} _project @param {string} _image @param {{drop: string[], restore: string[]}} asked */
    async changeProposals(_project, _image, asked) {
      if (!there.state.reachable) throw new ApiError("unreachable", "Can't reach the server.", "", 0);
      if (answer.error) throw answer.error;
      told.push(asked);
    },
  });
  return { there, told, answer };
}

test("they are told at once, and joined while they wait", async () => {
  const { there, told } = telling();
  const { outbox } = page(there);
  outbox.put(words(["a"]));
  await settle();
  there.state.reachable = false;
  outbox.put(words(["b"]));
  await settle();
  outbox.put(words(["c", "d"]));
  outbox.put(words(["e"], ["c"]));
  await settle();
  assert.equal(outbox.summary.peek().state, "offline");
  there.state.reachable = true;
  outbox.wake();
  await settle();
  assert.deepEqual(told, [
    { drop: ["a"], restore: [] },
    { drop: ["b"], restore: [] },
    { drop: ["d", "e"], restore: ["c"] },
  ]);
  assert.equal(outbox.summary.peek().state, "saved");
});

test("a page that was closed while offline leaves them to the next", async () => {
  const { there, told } = telling();
  const here = browser();
  there.state.reachable = false;
  const first = page(there, here);
  first.outbox.put(words(["a"]));
  await settle();
  await first.outbox.close();
  there.state.reachable = true;
  const next = page(there, here, "second");
  assert.deepEqual((await next.outbox.ofImage("default", "picture")).map((each) => each.words?.drop), [["a"]]);
  await next.outbox.adopt();
  await settle();
  assert.deepEqual(told, [{ drop: ["a"], restore: [] }]);
  assert.equal(here.stored.size, 0);
});

test("of an image that is gone nothing is left to tell; whoever may not is told so", async () => {
  const { there, answer } = telling();
  const { outbox } = page(there);
  answer.error = new ApiError("image_not_found", "There is no such image.", "", 404);
  outbox.put(words(["a"]));
  await settle();
  assert.equal(outbox.summary.peek().state, "saved");
  answer.error = new ApiError("forbidden", "Only annotators may.", "", 403);
  outbox.put(words(["b"]));
  await settle();
  assert.deepEqual([outbox.summary.peek().state, outbox.barred.peek()], ["failed", "Only annotators may."]);
});

test("however many there are, each request has at most 3,000", async () => {
  const { there, told } = telling();
  const { outbox } = page(there);
  outbox.put(words(Array.from({ length: 3500 }, (_, i) => `${i}`), ["x"]));
  await settle();
  assert.deepEqual(told.map(({ drop, restore }) => [drop.length, restore.length]), [[3000, 1], [500, 0]]);
});
