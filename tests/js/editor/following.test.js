/** A view is followed from image to image until one moves it oneself, and shown to who follows. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { signal } from "../../../static/js/core/signals.js";
import { createFollowing } from "../../../static/js/editor/following.js";
import { createViewport } from "../../../static/js/editor/viewport.js";
import { person } from "../document/server.js";

const ANN = person("Ann", { n: 1 });
const SIZE = { width: 400, height: 300 };

function desk() {
  const viewport = createViewport();
  viewport.resize({ ...SIZE, dpr: 1 });
  viewport.setPicture({ width: 800, height: 600 });
  const image = signal(/** @type {{id: string}|null} */ ({ id: "picture" }));
  const people = signal(new Map([[1, ANN]]));
  const followers = signal(0);
  /** @type {Array<number|null>} */
  const asked = [];
  /** @type {number[][]} */
  const shown = [];
  /** @type {string[]} */
  const opened = [];
  let see = (/** @type {number} */ _n, /** @type {number[]} */ _at) => {};
  const presence = {
    people,
    followers,
    follow: (/** @type {number|null} */ n) => void asked.push(n),
    view: (/** @type {number[]} */ at) => void shown.push(at),
    onView: (/** @type {typeof see} */ watch) => {
      see = watch;
      return () => {};
    },
  };
  const open = async (/** @type {string} */ id) => {
    opened.push(id);
    image.value = { id };
    viewport.setPicture({ width: 500, height: 500 });
  };
  const doc = /** @type {Parameters<typeof createFollowing>[0]} */ (/** @type {unknown} */ ({ presence, image }));
  const following = createFollowing(doc, viewport, open);
  const move = (/** @type {string} */ where) => void (people.value = new Map([[1, { ...ANN, image: where }]]));
  return { viewport, image, people, followers, asked, shown, opened, following, move, open, see: (/** @type {number[]} */ at) => see(1, at) };
}

test("the same part of the image is shown, whatever the size of the window, until one moves oneself", () => {
  const { viewport, following, see, asked } = desk();
  see([100, 100, 150]); // nobody is followed yet
  assert.ok(viewport.fitted.peek());
  following.follow(1);
  see([400, 300, 150]);
  assert.deepEqual(viewport.middle(), { x: 400, y: 300 });
  assert.equal(viewport.view.peek().scale, 2);
  viewport.resize({ width: 600, height: 600, dpr: 1 }); // no move of theirs
  see([200, 100, 150]);
  assert.equal(viewport.view.peek().scale, 4);
  assert.equal(following.person.peek()?.name, "Ann");
  viewport.pan(10, 0);
  assert.equal(following.person.peek(), null);
  const { x } = viewport.middle();
  see([500, 100, 150]);
  assert.equal(viewport.middle().x, x);
  assert.deepEqual(asked, [1, null]);
});

test("their next image is opened here too; another that one opens oneself ends it", async () => {
  const { following, move, opened, open, asked } = desk();
  following.follow(1);
  assert.deepEqual(opened, []);
  move("second");
  await Promise.resolve();
  assert.deepEqual(opened, ["second"]);
  assert.equal(following.person.peek()?.image, "second");
  await open("third");
  assert.deepEqual(opened, ["second", "third"]);
  assert.equal(following.person.peek(), null);
  assert.deepEqual(asked, [1, null]);
});

test("who is elsewhere when they are chosen is followed there; who leaves is followed no more, but a lost connection ends nothing", async () => {
  const { following, move, opened, people, asked } = desk();
  move("second");
  following.follow(1);
  await Promise.resolve();
  assert.deepEqual(opened, ["second"]);
  people.value = new Map();
  assert.deepEqual(asked, [1]);
  move("second");
  assert.equal(following.person.peek()?.name, "Ann");
  people.value = new Map([[2, person("Ben", { n: 2 })]]);
  assert.deepEqual(asked, [1, null]);
});

test("one's own view is shown while somebody follows", () => {
  const { viewport, followers, shown } = desk();
  viewport.zoom(2);
  assert.deepEqual(shown, []);
  followers.value = 1;
  assert.equal(shown.length, 1);
  viewport.pan(-50, 0);
  const [x, y, span] = /** @type {number[]} */ (shown[1]);
  assert.deepEqual({ x, y }, viewport.middle());
  assert.equal(span, 300 / viewport.view.peek().scale);
  followers.value = 0;
  viewport.pan(5, 5);
  assert.equal(shown.length, 2);
});
