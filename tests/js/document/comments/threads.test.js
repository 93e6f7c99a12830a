import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { effect, signal } from "../../../../static/js/core/signals.js";
import { readKept } from "../../../../static/js/document/comments/kept.js";
import { createThreads } from "../../../../static/js/document/comments/threads.js";

/** @typedef {import("../../../../static/js/core/api-types.js").Thread} Thread */

/** A server that keeps what it is sent once for each id. `refuse`: what it throws. */
function server() {
  const threads = /** @type {Thread[]} */ ([]);
  const told = {
    threads,
    refuse: /** @type {Error|null} */ (null),
    sent: 0,
    /** @param {string} _project @param {string} image */
    async comments(_project, image) {
      return { threads: structuredClone(threads.filter((each) => each.image_id === image)), names: { a: "Ann" } };
    },
    /** @param {string} _project @param {string} image @param {import("../../../../static/js/core/api-types.js").NewComment} comment */
    async addComment(_project, image, { id: own, text, thread, x = null, y = null }) {
      const id = own ?? "";
      told.sent++;
      if (told.refuse) throw told.refuse;
      const comment = { id, text, created_by: "a", created_at: "2026-01-01T00:00:00.000Z", edited_at: null, deleted: false };
      const known = threads.find((each) => each.id === (thread ?? id));
      if (!known) threads.push({ id, image_id: image, annotation_id: null, x, y, resolved_at: null, resolved_by: null, comments: [comment] });
      else if (!known.comments.some((each) => each.id === id)) known.comments.push(comment);
      return structuredClone(/** @type {Thread} */ (threads.find((each) => each.id === (thread ?? id))));
    },
  };
  return told;
}

const made = /** @type {Array<{close: () => void}>} */ ([]);
/** @param {any} api */
function start(api, { online = true, image = "i" } = {}) {
  const parts = { api, project: "p", self: "a", image: signal(image), news: signal(0), online: signal(online) };
  const threads = createThreads(parts);
  made.push(threads);
  return { ...parts, threads };
}
/** @param {ReturnType<typeof start>} page */
const texts = ({ threads }) => threads.shown.value.map((each) => each.comments.map(({ text }) => text));
/** @param {number} status @param {string} [message] */
const failed = (status, message = "No.") => Object.assign(new Error(message), { status });

beforeEach(() => {
  const kept = new Map();
  globalThis.localStorage = /** @type {any} */ ({
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value),
  });
});
afterEach(() => {
  for (const each of made.splice(0)) each.close();
  Reflect.deleteProperty(globalThis, "localStorage");
});

test("a comment shows at once and is the server's once it has it", async () => {
  const page = start(server());
  page.threads.add("Hello", { at: { x: 1, y: 2 } });
  const [shown] = page.threads.shown.value;
  assert.deepEqual([shown.x, shown.y, shown.comments[0].waiting], [1, 2, { failure: null, delayed: false }]);
  await sleep(5);
  assert.equal(page.threads.shown.value[0].comments[0].waiting, undefined);
  assert.deepEqual(texts(page), [["Hello"]]);
});

test("what is written offline is kept over a reload and sent once, a reply after what it answers", async () => {
  const api = server();
  const page = start(api, { online: false });
  api.refuse = failed(0);
  const id = page.threads.add("First", { at: null });
  page.threads.add("Second", { thread: id });
  await sleep(5);
  assert.equal(page.threads.shown.value[0].comments[1].waiting?.delayed, true);
  page.threads.close();
  const again = start(api, { online: false });
  await sleep(5);
  assert.deepEqual(texts(again), [["First", "Second"]]);
  api.refuse = null;
  again.online.value = true;
  await sleep(5);
  assert.deepEqual(api.threads.map((each) => each.comments.map(({ text }) => text)), [["First", "Second"]]);
  assert.deepEqual(texts(again), [["First", "Second"]]);
  const third = start(api);
  await sleep(5);
  assert.deepEqual(texts(third), [["First", "Second"]]);
});

test("what is refused is said, is not sent again by itself, and can be taken back", async () => {
  const api = server();
  const page = start(api);
  api.refuse = failed(400, "Too long.");
  const id = page.threads.add("Hello", { at: null });
  await sleep(5);
  assert.equal(page.threads.shown.value[0].comments[0].waiting?.failure, "Too long.");
  assert.equal(page.threads.discard(id), "Hello");
  assert.deepEqual(texts(page), []);
  assert.equal(api.sent, 1);
});

test("two pages that are open at once keep what waits in each of them", async () => {
  const [lost, there] = [server(), server()];
  lost.refuse = failed(0);
  there.refuse = failed(400);
  const [first, second] = [start(lost, { online: false }), start(there, { online: false })];
  const kept = () => readKept().waiting.map(({ comment }) => comment.text);
  first.threads.add("One", { at: null });
  const refused = second.threads.add("Two", { at: null });
  await sleep(5);
  assert.deepEqual(kept(), ["One", "Two"]);
  second.threads.discard(refused);
  there.refuse = null;
  second.threads.add("Three", { at: null });
  await sleep(5);
  assert.deepEqual(there.threads.map(({ comments }) => comments[0].text), ["Three"]);
  assert.deepEqual(kept(), ["One"]);
});

test("what waits stays of the moment it was written", async () => {
  const api = server();
  api.refuse = failed(0);
  const page = start(api, { online: false });
  page.threads.add("Hello", { at: null });
  const when = () => page.threads.shown.value[0].comments[0].created_at;
  const before = when();
  await sleep(5);
  page.online.value = true;
  await sleep(5);
  assert.equal(when(), before);
  assert.equal(start(api).threads.shown.value[0].comments[0].created_at, before);
});

test("a comment can be written where the page is not a secure context", async () => {
  const { crypto } = globalThis;
  const insecure = { getRandomValues: (/** @type {Uint8Array<ArrayBuffer>} */ bytes) => crypto.getRandomValues(bytes) };
  Object.defineProperty(globalThis, "crypto", { value: insecure, configurable: true });
  try {
    assert.match(start(server()).threads.add("Hello", { at: null }), /^[0-9a-f-]{36}$/);
  } finally {
    Object.defineProperty(globalThis, "crypto", { value: crypto, configurable: true });
  }
});

test("threads show with the names of who wrote them, not before", async () => {
  const api = server();
  await api.addComment("p", "i", { id: "other-0001", text: "Hi" });
  const { threads } = start(api);
  const seen = /** @type {string[]} */ ([]);
  const stop = effect(() => void seen.push(...threads.shown.value.map(({ comments }) => threads.nameOf(comments[0].created_by))));
  await sleep(5);
  stop();
  assert.deepEqual(seen, ["Ann"]);
});

test("news are read once, however many come", async () => {
  const api = server();
  const page = start(api);
  await sleep(5);
  let reads = 0;
  const { comments } = api;
  api.comments = (project, image) => (reads++, comments(project, image));
  await api.addComment("p", "i", { id: "other-0001", text: "Hi" });
  for (let n = 1; n < 5; n++) page.news.value = n;
  await sleep(100);
  assert.equal(reads, 1);
  assert.deepEqual(texts(page), [["Hi"]]);
  assert.equal(page.threads.nameOf("a"), "Ann");
});

test("a late answer is not shown on another image", async () => {
  const api = server();
  await api.addComment("p", "i", { id: "on-i-00001", text: "On i" });
  const page = start(api);
  page.image.value = "j";
  assert.equal(page.threads.isLoaded.value, false);
  await sleep(5);
  assert.deepEqual(texts(page), []);
  assert.equal(page.threads.isLoaded.value, true);
});
