import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createFlooding } from "../../../../static/js/editor/tools/flooding.js";

/** @type {any[]} */
let asked = [];
/** @type {(data: object) => void} */
let reply = () => {};
/** As a browser does when a worker's script cannot be loaded: without a word. */
let fail = () => {};
let ended = 0;

class FakeWorker {
  /** @param {string} type @param {(event: any) => void} listener */
  addEventListener(type, listener) {
    if (type === "message") reply = (data) => listener({ data });
    else fail = () => listener(new Event("error", { cancelable: true }));
  }
  /** @param {object} question */
  postMessage(question) {
    asked.push(question);
  }
  terminate() {
    ended += 1;
  }
}

/** @param {number} x @param {boolean} exact */
const question = (x, exact) => ({ url: "/p", width: 9, height: 9, x, y: 0, tolerance: 1, exact });
const region = { x: 0, y: 0, width: 1, height: 1, data: new Uint8Array([1]) };

beforeEach(() => {
  asked = [];
  ended = 0;
  Object.assign(globalThis, { Worker: FakeWorker });
});

test("of previews that wait only the newest is asked for, after the clicks, of which none is lost", async () => {
  const flooding = createFlooding();
  const answers = [question(1, false), question(2, false), question(3, true), question(4, false), question(5, true)].map(
    (each) => flooding.ask(each),
  );
  for (let i = 0; i < 4; i++) reply({ id: asked[i].id, region, step: 1 });
  assert.deepEqual(asked.map(({ x }) => x), [1, 3, 5, 4]);
  const settled = await Promise.all(answers);
  assert.deepEqual(settled.map((answer) => answer !== null), [true, false, true, true, true]);
});

test("what went wrong is thrown, and closing settles what waits", async () => {
  const flooding = createFlooding();
  const failing = flooding.ask(question(1, true));
  reply({ id: asked[0].id, error: "unread", detail: "404" });
  await assert.rejects(failing, /Couldn't read the image \(404\)/);
  const left = [flooding.ask(question(2, true)), flooding.ask(question(3, false))];
  flooding.close();
  assert.deepEqual(await Promise.all(left), [null, null]);
  assert.equal(ended, 1);
});

test("a worker that could not be loaded is not asked again: the next question makes another", async () => {
  const flooding = createFlooding();
  const failing = flooding.ask(question(1, true));
  const waiting = flooding.ask(question(2, true));
  const failFirst = fail;
  failFirst();
  await assert.rejects(failing, /Couldn't load/);
  assert.equal(ended, 1);
  assert.notEqual(fail, failFirst, "what waited went to another");
  reply({ id: asked[1].id, region, step: 1 });
  assert.equal((await waiting)?.step, 1);
  failFirst();
  const later = flooding.ask(question(3, true));
  reply({ id: asked[2].id, region, step: 1 });
  assert.equal((await later)?.step, 1, "the one that was left has no more say");
});
