import assert from "node:assert/strict";
import { test } from "node:test";

import { createTabs } from "../../../../static/js/document/sync/tabs.js";

const ASK_MS = 4;
const later = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until there are so many; a busy machine takes its time. @param {unknown[]} list @param {number} count */
async function until(list, count) {
  for (let round = 0; list.length < count && round < 1000; round++) await later(ASK_MS);
}

/** What a BroadcastChannel is to pages of one browser. */
function air() {
  /** @type {Set<import("../../../../static/js/document/sync/tabs.js").Channel>} */
  const pages = new Set();
  return {
    pages,
    channel() {
      /** @type {import("../../../../static/js/document/sync/tabs.js").Channel} */
      const own = {
        onmessage: null,
        postMessage: (data) => {
          for (const page of pages)
            if (page !== own) queueMicrotask(() => page.onmessage?.call(/** @type {any} */ (page), /** @type {any} */ ({ data })));
        },
      };
      pages.add(own);
      return own;
    },
  };
}

test("without locks a page that lives is not taken for gone, and one that is silent is, once", async () => {
  const { pages, channel } = air();
  const living = channel();
  createTabs("living", { locks: null, channel: living, askMs: ASK_MS });
  const asking = createTabs("asking", { locks: null, channel: channel(), askMs: ASK_MS });
  /** @type {string[]} */
  const gone = [];
  const take = (/** @type {string} */ other) => async () => void gone.push(other);
  for (const other of ["living", "closed", "closed"]) asking.whenGone(other, take(other));
  await later(2 * ASK_MS);
  assert.deepEqual(gone, []); // silence for a moment is no proof
  await until(gone, 1);
  await later(10 * ASK_MS);
  assert.deepEqual(gone, ["closed"]);
  pages.delete(living); // it is closed too
  await until(gone, 2);
  assert.deepEqual(gone, ["closed", "living"]);
  asking.whenGone("closed", take("closed")); // it was frozen, came back, and was closed again
  await until(gone, 3);
  assert.deepEqual(gone, ["closed", "living", "closed"]);
});

test("one that leaves is taken for gone, though its page lives; with locks and without", async () => {
  const { channel } = air();
  for (const locks of [null, /** @type {LockManager} */ (navigator.locks)]) {
    const means = () => ({ locks, channel: channel(), askMs: ASK_MS });
    const leaving = createTabs("leaving", means());
    const other = createTabs("other", means());
    const gone = new Promise((resolve) => other.whenGone("leaving", async () => resolve("gone")));
    assert.equal(await Promise.race([gone, later(15 * ASK_MS)]), undefined);
    leaving.leave();
    assert.equal(await gone, "gone");
    other.leave();
  }
});

test("where locks are denied, as in a frame of another site, what is to be done is done once", async () => {
  const denied = { request: () => Promise.reject(new Error("The request was denied.")) };
  const tabs = createTabs("framed", { locks: /** @type {LockManager} */ (/** @type {unknown} */ (denied)), channel: air().channel() });
  let done = 0;
  await tabs.mine(async () => void done++);
  assert.equal(done, 1);
  tabs.whenGone("other", async () => assert.fail("nobody can tell"));
  const locks = /** @type {LockManager} */ (navigator.locks);
  const allowed = createTabs("allowed", { locks, channel: air().channel() });
  await assert.rejects(allowed.mine(async () => { done++; throw new Error("its own"); }), /its own/);
  assert.equal(done, 2);
  allowed.leave();
});
