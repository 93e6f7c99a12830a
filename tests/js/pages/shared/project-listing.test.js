import assert from "node:assert/strict";
import { test } from "node:test";

import { signal } from "../../../../static/js/core/signals.js";
import { firstOpen } from "../../../../static/js/pages/project/continuing.js";
import { createListing } from "../../../../static/js/pages/project/listing.js";

const COUNTS = { new: 1700, in_progress: 0, returned: 0, attention: 0, skipped: 0, done: 0, accepted: 0 };

/** A server with this many images; tells what it was asked. @param {number} count */
function server(count) {
  /** @type {any[]} */
  const asked = [];
  const api = {
    failing: false,
    failAt: -1, // number of a page, counted from now
    count,
    /** @param {string} _ @param {any} query */
    async projectImages(_, query) {
      asked.push(query);
      if (api.failing || api.failAt-- === 0) throw new Error("gone");
      const from = Number(query.cursor ?? 0);
      const to = Math.min(api.count, from + query.limit);
      const images = Array.from({ length: to - from }, (_, i) => ({
        id: `${query.state ?? ""}${from + i}`,
        state: "new",
      }));
      return { images, next: to < api.count ? String(to) : null, counts: { ...COUNTS, new: api.count } };
    },
  };
  const selection = signal(/** @type {any} */ ({}));
  const listing = createListing({ api: /** @type {any} */ (api), projectId: "p", selection, counts: COUNTS });
  return { api, asked, selection, listing };
}

test("pages are fetched as far as they are wanted, a small one first", async () => {
  const { asked, listing } = server(1700);
  assert.equal(listing.total.value, 1700);
  await listing.need(10);
  assert.equal(listing.items.value.length, 100);
  await Promise.all([listing.need(150), listing.need(700)]);
  assert.equal(listing.items.value.length, 1100);
  await listing.need(1000);
  assert.deepEqual(
    asked.map(({ limit }) => limit),
    [100, 500, 500],
  );
  assert.equal((await listing.all())?.length, 1700);
  assert.equal(new Set(listing.items.value.map(({ id }) => id)).size, 1700);
  assert.equal(listing.complete.value, true);
});

test("what is in sight stays until it is there again", async () => {
  const { api, listing } = server(700);
  await listing.all();
  await listing.need(150);
  api.count = 699;
  const lengths = new Set();
  const stop = listing.items.subscribe((items) => lengths.add(items.length));
  await listing.reload(true);
  stop();
  assert.deepEqual([...lengths], [700, 600]);
  assert.equal(listing.total.value, 699);
});

test("an answer to another choice is not shown", async () => {
  const { selection, listing } = server(300);
  const first = listing.need(0);
  selection.value = { state: "done" };
  await Promise.all([first, listing.reload(false)]);
  assert.equal(listing.items.value[0].id, "done0");
});

test("after a failure the same page is asked for again", async () => {
  const { api, asked, listing } = server(300);
  await listing.need(0);
  api.failing = true;
  await listing.need(200);
  assert.equal(listing.failure.value?.message, "gone");
  await listing.need(200); // not on and on
  assert.equal(asked.length, 2);
  api.failing = false;
  await listing.retry();
  assert.equal(listing.failure.value, null);
  assert.equal(listing.items.value.length, 300);
});

test("what failed while the list was fetched anew goes on with the new one", async () => {
  const { api, listing } = server(1300);
  await listing.all();
  await listing.need(1200);
  const ids = () => new Set(listing.items.value.map(({ id }) => id));
  for (const failAt of [0, 2]) {
    api.failAt = failAt;
    await listing.reload(true);
    assert.equal(listing.failure.value?.message, "gone");
    assert.equal(listing.items.value.length, 1300); // what there was stays in sight
    api.failAt = -1;
    await listing.retry();
    assert.equal(listing.items.value.length, 1300);
    assert.equal(ids().size, 1300);
  }
});

test("all are all, though the list begins anew meanwhile; none when that cannot be", async () => {
  const { api, selection, listing } = server(1300);
  await listing.need(0);
  const all = listing.all();
  api.count = 1700;
  void listing.reload(true);
  await Promise.resolve();
  void listing.reload(true);
  assert.equal((await all)?.length, 1700);
  api.count = 1800;
  void listing.reload(true); // all that were there are shown until then
  assert.equal((await listing.all())?.length, 1800);
  void listing.reload(false);
  const other = listing.all();
  selection.value = { state: "done" };
  assert.equal(await other, null);
  await listing.reload(false);
  api.failing = true;
  void listing.reload(true);
  assert.equal(await listing.all(), null);
});

test("a state nobody knows has no images", () => {
  const { selection, listing } = server(3);
  selection.value = { state: "constructor" };
  assert.equal(listing.total.value, 0);
});

test("changes show before the server has them", async () => {
  const { listing } = server(3);
  await listing.need(0);
  listing.change(new Set(["1"]), { state: "done" });
  assert.deepEqual(
    listing.items.value.map(({ state }) => state),
    ["new", "done", "new"],
  );
});

test("work goes on with the first image of the list that is neither done nor skipped", async () => {
  const place = /** @type {Record<string, number>} */ ({ in_progress: 7, attention: 4 });
  const api = {
    /** @param {string} _ @param {any} query */
    projectImages: async (_, { state }) => ({ images: state in place ? [{ id: state }] : [] }),
    /** @param {string} _ @param {any} query */
    async queue(_, { after, state, label }) {
      assert.deepEqual([state, label], [undefined, "car"]);
      return { position: place[after] };
    },
  };
  const parts = { projectId: "p", selection: { state: "done", label: "car" } };
  assert.equal(await firstOpen({ api: /** @type {any} */ (api), ...parts }), "attention");
  delete place.in_progress;
  delete place.attention;
  assert.equal(await firstOpen({ api: /** @type {any} */ (api), ...parts }), null);
});
