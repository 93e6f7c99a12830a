import assert from "node:assert/strict";
import { test } from "node:test";

import { databaseOf } from "../../../static/js/net/database.js";

const LIMITS = { patienceMs: 10, restMs: 0 };
const later = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A browser's storage, whose answers a test gives. */
function storage() {
  /** @type {any[]} */
  const requests = [];
  globalThis.indexedDB = /** @type {any} */ ({
    open() {
      const db = { closed: false, close: () => void (db.closed = true) };
      requests.push({ result: db });
      return requests.at(-1);
    },
  });
  return requests;
}

test("a database that does not open in time is none, is closed when it opens after all, and is tried again", async () => {
  const requests = storage();
  const { open: database } = databaseOf("name", 1, () => {}, LIMITS);
  assert.equal(await database(), null);
  requests[0].onsuccess();
  await later(1);
  assert.equal(requests[0].result.closed, true);
  const second = database();
  requests[1].onsuccess();
  assert.equal(await second, requests[1].result);
  assert.equal(await database(), requests[1].result);
  assert.deepEqual([requests.length, requests[1].result.closed], [2, false]);
});

test("after one that did not open the next attempt waits, and nobody waits for it", async () => {
  const requests = storage();
  const { open: database } = databaseOf("name", 1, () => {}, { ...LIMITS, restMs: 1000 });
  assert.deepEqual([await database(), await database(), requests.length], [null, null, 1]);
});

test("one that an older page keeps open, or that is refused, is none", async () => {
  const requests = storage();
  const { open: database } = databaseOf("name", 1, () => {}, { ...LIMITS, patienceMs: 1e6 });
  const first = database();
  requests[0].onblocked();
  assert.equal(await first, null);
  const second = database();
  requests[1].onerror();
  assert.equal(await second, null);
});

test("one that was closed, for a newer page or by the browser, is opened again", async () => {
  const requests = storage();
  const { open: database } = databaseOf("name", 1, () => {}, LIMITS);
  for (const closing of ["onversionchange", "onclose"]) {
    const opening = database();
    requests.at(-1).onsuccess();
    const db = /** @type {any} */ (await opening);
    db[closing]();
    assert.equal(db.closed, closing === "onversionchange");
  }
  void database();
  assert.equal(requests.length, 3);
  await later(20);
});

test("what has no answer in time is rejected, and storage left alone for a while; what has is passed on", async () => {
  const requests = storage();
  const { open, soon } = databaseOf("name", 1, () => {}, { ...LIMITS, restMs: 1000 });
  const opening = open();
  requests[0].onsuccess();
  assert.ok(await opening);
  assert.equal(await soon(Promise.resolve(3)), 3);
  await assert.rejects(soon(Promise.reject(new Error("full"))), /full/);
  assert.ok(await open());
  await assert.rejects(soon(new Promise(() => {})), /does not answer/);
  assert.equal(await open(), null);
});
