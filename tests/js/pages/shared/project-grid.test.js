import assert from "node:assert/strict";
import { test } from "node:test";

import { heightOf, layoutFor, placeOf, stepTo, windowOf } from "../../../../static/js/pages/project/grid-layout.js";
import { createPicks } from "../../../../static/js/pages/shared/picks.js";
import { inSlices } from "../../../../static/js/pages/shared/slices.js";
import { readSelection, selectionQuery } from "../../../../static/js/document/queue/image-selection.js";
import { createSelection } from "../../../../static/js/pages/project/selection.js";

test("as many columns as fit, and rows as high as their tiles with a gap", () => {
  const layout = layoutFor(1000, 184); // 5 x 184 + 4 x 16 = 984
  assert.deepEqual(layout, { columns: 5, tileWidth: 187.2, tileHeight: 188, rowHeight: 204 });
  assert.equal(layoutFor(100, 184).columns, 1);
  assert.equal(heightOf(layout, 11), 3 * 204 - 16);
  assert.equal(heightOf(layout, 0), 0);
  assert.deepEqual(placeOf(layout, 7), [2 * (187.2 + 16), 204]);
});

test("the window holds what is seen and two rows around it, whatever the length of the list", () => {
  const layout = layoutFor(1000, 184);
  assert.deepEqual(windowOf(layout, 10_000, -300, 800), { first: 0, end: 25 });
  const { first, end } = windowOf(layout, 10_000, 100 * 204, 800);
  assert.deepEqual([first, end], [98 * 5, 106 * 5]);
  assert.deepEqual(windowOf(layout, 12, 0, 800), { first: 0, end: 12 });
  assert.deepEqual(windowOf(layout, 12, 1e6, 800), { first: 12, end: 12 });
  assert.deepEqual(windowOf(layout, 0, 0, 800), { first: 0, end: 0 });
});

test("keys lead to tiles", () => {
  const grid = { columns: 5, count: 12, page: 2 };
  /** @param {string} key @param {number} index */
  const to = (key, index) => stepTo(key, index, grid);
  assert.deepEqual([to("ArrowRight", 3), to("ArrowLeft", 0), to("ArrowRight", 11)], [4, 0, 11]);
  assert.deepEqual([to("ArrowDown", 1), to("ArrowDown", 8), to("ArrowDown", 11)], [6, 11, 11]);
  assert.deepEqual([to("ArrowUp", 6), to("ArrowUp", 3)], [1, 3]);
  assert.deepEqual([to("PageDown", 0), to("PageDown", 3), to("PageUp", 11), to("PageUp", 3)], [10, 11, 1, 3]);
  assert.deepEqual([to("Home", 7), to("End", 7), to("x", 7)], [0, 11, null]);
  assert.equal(stepTo("End", 0, { columns: 5, count: 0, page: 2 }), null);
});

test("images are picked one by one, in ranges, all, none", () => {
  const items = Array.from("abcdefgh", (id) => ({ id }));
  const picks = createPicks();
  const picked = () => [...picks.picked.value].sort().join("");
  picks.toggle(items[1]);
  picks.extend(items, items[3]);
  assert.equal(picked(), "bcd");
  picks.toggle(items[6]);
  picks.extend(items, items[4]);
  assert.equal(picked(), "bcdefg");
  picks.toggle(items[2]);
  assert.equal(picked(), "bdefg");
  picks.all(items);
  assert.equal(picked(), "abcdefgh");
  picks.clear();
  assert.equal(picked(), "");
});

test("a range begins with the image that was picked last, wherever that is by then", () => {
  const items = Array.from("abcdefgh", (id) => ({ id }));
  const picks = createPicks();
  const picked = () => [...picks.picked.value].sort().join("");
  picks.extend(items, items[1]); // from the first one
  assert.equal(picked(), "ab");
  picks.clear();
  picks.toggle(items[2]);
  const more = [...Array.from("xyz", (id) => ({ id })), ...items];
  picks.extend(more, items[4]);
  assert.equal(picked(), "cde");
  picks.toggle(items[6]);
  const fewer = items.filter(({ id }) => id !== "g");
  picks.extend(fewer, items[7]);
  assert.equal(picked(), "cdegh");
  picks.extend(fewer, items[6]);
  assert.equal(picked(), "cdegh");
});

test("many images are changed in slices, and what was changed can be undone", async () => {
  const ids = Array.from({ length: 45_000 }, (_, i) => String(i));
  /** @type {number[]} */
  const sizes = [];
  /** @param {string[]} some */
  async function send(some) {
    sizes.push(some.length);
    if (sizes.length === 5) throw new Error("gone");
    return { restore: { method: "POST", url: String(sizes.length) } };
  }
  const whole = await inSlices(ids, send);
  assert.deepEqual(sizes, [20_000, 20_000, 5_000]);
  assert.deepEqual(
    whole.undos.map(({ url }) => url),
    ["3", "2", "1"],
  );
  const { changed, undos, error } = await inSlices(ids, send);
  assert.deepEqual([changed, undos.length, String(error)], [20_000, 1, "Error: gone"]);
  sizes.length = 4;
  await assert.rejects(inSlices(ids, send), /gone/);
});

test("filters and order are what the address says, without what is usual", () => {
  assert.deepEqual(readSelection("?state=new&sort=name&order=asc&other=1&search="), { state: "new" });
  assert.equal(selectionQuery({ order: "desc", search: "a b", state: "" }), "?search=a+b&order=desc");
  assert.equal(selectionQuery({ sort: "name" }), "");
});

test("a choice is a step of the browser's history, typing is not", () => {
  /** @type {string[]} */
  const steps = [];
  /** @type {(() => void)|undefined} */
  let back;
  const location = { pathname: "/projects/a", search: "?state=new" };
  /** @param {string} how */
  const note = (how) => (/** @type {unknown} */ _, /** @type {string} */ __, /** @type {string} */ url) =>
    void steps.push(`${how} ${url}`);
  const page = {
    location,
    history: { pushState: note("push"), replaceState: note("replace") },
    addEventListener: (/** @type {string} */ _, /** @type {() => void} */ listener) => (back = listener),
  };
  const { selection, change } = createSelection(/** @type {any} */ (page));
  change({ label: "car" });
  change({ label: "car" });
  change({ search: "x" }, { typing: true });
  assert.deepEqual(selection.value, { state: "new", label: "car", search: "x" });
  assert.deepEqual(steps, [
    "push /projects/a?state=new&label=car",
    "replace /projects/a?state=new&label=car&search=x",
  ]);
  back?.();
  assert.deepEqual(selection.value, { state: "new" });
});
