import assert from "node:assert/strict";
import { test } from "node:test";

import { createApi } from "../../../../static/js/net/api.js";
import { annotation, browser, page, server, settle } from "../server.js";

test("changes of whoever is signed out are kept, and go out once they are known again", async () => {
  const there = server();
  const here = browser();
  const { add, outbox } = page(there, here);
  there.state.signedOut = true;
  add(annotation());
  await settle();
  const { state, count, kept } = outbox.summary.peek();
  assert.deepEqual([state, count, kept, here.stored.size], ["signed-out", 1, true, 1]);
  there.state.signedOut = false;
  outbox.wake();
  await settle();
  assert.deepEqual([there.kept.size, here.stored.size, outbox.summary.peek().state], [1, 0, "saved"]);
});

test("what looks deleted to who has lost their role is held back, shown and kept, until they have one again", async () => {
  const there = server();
  const here = browser();
  for (const id of ["a", "b"]) there.kept.set(id, annotation({ id }));
  const { objects, add, change, remove, shown, outbox } = page(there, here);
  await objects.load("default", "picture");
  there.state.barred = true;
  change("a", { label: "bus" });
  remove("b");
  add(annotation({ id: "c" }));
  await settle();
  assert.equal(outbox.barred.peek(), "There is no such project.");
  assert.deepEqual([outbox.summary.peek().state, outbox.summary.peek().count, here.stored.size], ["failed", 3, 3]);
  assert.deepEqual(outbox.conflicts.peek(), []);
  assert.deepEqual(shown.peek().map(({ id, label }) => [id, label]), [["a", "bus"], ["c", "car"]]);
  there.state.barred = false;
  outbox.retry();
  await settle();
  assert.deepEqual([...there.kept.keys()].sort(), ["a", "c"]);
  assert.deepEqual([outbox.barred.peek(), outbox.summary.peek().state, here.stored.size], ["", "saved", 0]);
});

test("an answer that nobody is signed in is told once it comes, of any request", async () => {
  let told = 0;
  const body = JSON.stringify({ ok: false, error: { code: "unauthorized", message: "You are not signed in.", hint: "" } });
  const fetch = async () => new Response(body, { status: 401, headers: { "Retry-After": "90" } });
  const api = createApi({ fetch, onSignedOut: () => (told += 1) });
  await assert.rejects(api.projects(), { status: 401, retryAfterS: 90 });
  await assert.rejects(api.download("/x"), { status: 401 });
  assert.equal(told, 2);
});
