import assert from "node:assert/strict";
import { test } from "node:test";

import { sendBody } from "../../../../static/js/net/transfers.js";
import { sorted } from "../../../../static/js/pages/shared/adding/collecting.js";
import { createImportJobs } from "../../../../static/js/pages/shared/adding/import-jobs.js";
import { createUploadQueue } from "../../../../static/js/pages/shared/adding/upload-queue.js";

/** @param {string} path @param {number} [size] */
const entry = (path, size = 10) => ({
  file: /** @type {File} */ ({ name: path.split("/").at(-1), size, type: "" }),
  path,
});
/** @param {string} message @param {number} status */
const refusal = (message, status) => Object.assign(new Error(message), { status, hint: "Hint." });
const settle = () => new Promise((done) => setTimeout(done, 0));

/** A queue whose uploads end when the test says so. */
function byHand() {
  /** @type {Map<string, {done: (added?: any) => void, fail: (error: Error) => void, options: any}>} */
  const sent = new Map();
  const queue = createUploadQueue(
    ({ path }, options) =>
      new Promise((done, fail) => {
        sent.set(path, { done: (added = { id: path }) => done(added), fail, options });
        options.signal?.addEventListener("abort", () => fail(new Error("aborted")));
      }),
  );
  return { sent, queue };
}

test("files, archives, annotations and what is none of these", () => {
  const { pictures, archives, annotations, others } = sorted(
    [
      "a.jpg",
      "notes.txt",
      "set/b.PNG",
      "set/.DS_Store",
      "set/c.tif",
      "d.tar.gz",
      "e.ZIP",
      "f.json",
      "set/g.json",
    ].map((path) => entry(path)),
  );
  assert.deepEqual(
    pictures.map(({ path }) => path),
    ["a.jpg", "notes.txt", "set/b.PNG", "set/c.tif"],
  );
  assert.deepEqual(
    archives.map(({ name }) => name),
    ["d.tar.gz", "e.ZIP"],
  );
  assert.deepEqual(
    annotations.map(({ name }) => name),
    ["f.json"],
  );
  assert.equal(others, 2);
});

test("three at a time, and how far the whole is", async () => {
  const { sent, queue } = byHand();
  const added = queue.add(["a", "b", "c", "d"].map((path) => entry(path)));
  assert.deepEqual([...sent.keys()], ["a", "b", "c"]);
  sent.get("a")?.options.onProgress(60, 120); // of a body with more around the file
  assert.deepEqual([queue.state.value.sent, queue.state.value.bytes, queue.busy()], [5, 40, true]);
  sent.get("b")?.done({ id: "b", existing: true });
  await settle();
  assert.deepEqual([...sent.keys()], ["a", "b", "c", "d"]);
  for (const path of ["a", "c", "d"]) sent.get(path)?.done();
  assert.deepEqual(
    (await added).map(({ id }) => id),
    ["a", "b", "c", "d"],
  );
  const { total, settled, known, sent: bytes } = queue.state.value;
  assert.deepEqual([total, settled, known, bytes, queue.busy()], [4, 4, 1, 40, false]);
});

test("what failed is listed, and what may succeed is tried again", async () => {
  const { sent, queue } = byHand();
  const added = queue.add([entry("no picture"), entry("unlucky"), entry("good")]);
  sent.get("no picture")?.fail(refusal("This is no picture.", 415));
  sent.get("unlucky")?.fail(refusal("Something went wrong.", 500));
  sent.get("good")?.done();
  assert.equal((await added).length, 1);
  const { failures } = queue.state.value;
  assert.deepEqual(
    failures.map(({ message, again }) => [message, again]),
    [
      ["This is no picture. Hint.", false],
      ["Something went wrong. Hint.", true],
    ],
  );
  const retried = queue.retry([failures[1].id]);
  sent.get("unlucky")?.done();
  assert.equal((await retried).length, 1);
  queue.putAway([failures[0].id]);
  assert.deepEqual(queue.state.value.failures, []);
});

test("without a server it waits with all it has, and goes on", async () => {
  const { sent, queue } = byHand();
  const added = queue.add(["a", "b", "c", "d", "e"].map((path) => entry(path)));
  for (const path of ["a", "b", "c"]) sent.get(path)?.fail(refusal("Can't reach the server.", 0));
  await settle();
  assert.equal(queue.state.value.paused, "Can't reach the server. Hint.");
  assert.deepEqual([sent.size, queue.state.value.settled, queue.state.value.sent], [3, 0, 0]);
  queue.goOn();
  for (let i = 0; i < 5; i++) {
    for (const upload of sent.values()) upload.done();
    await settle();
  }
  assert.equal((await added).length, 5);
  assert.equal(queue.state.value.paused, null);
});

test("cancelling forgets what is not sent", async () => {
  const { sent, queue } = byHand();
  const added = queue.add(["a", "b", "c", "d"].map((path) => entry(path)));
  sent.get("a")?.done();
  await settle();
  queue.cancel();
  assert.deepEqual(
    (await added).map(({ id }) => id),
    ["a"],
  );
  assert.equal(sent.get("b")?.options.signal.aborted, true);
  assert.equal(queue.busy(), false);
});

test("an import is watched to its end, with all that is wrong in it", async () => {
  const states = [
    { state: "running", added: 1, problems: [{ position: 3, name: "x", status: "failed", message: "m" }] },
    { state: "failed", added: 1, problems: [{ position: 8, name: "y", status: "failed", message: "n" }] },
    { state: "failed", added: 1, problems: [] },
    { state: "done", added: 5, problems: [] },
  ];
  /** @type {any[]} */
  const asked = [];
  let changes = 0;
  const api = {
    importAnnotations: async () => ({ id: "job", state: "queued", added: 0, objects: 0 }),
    importJob: async (/** @type {any} */ _, /** @type {any} */ __, /** @type {number} */ after) => {
      asked.push(after);
      return { id: "job", objects: 0, ...states.shift() };
    },
    resumeImport: async () => ({ id: "job", state: "queued", added: 0, objects: 0 }),
  };
  const jobs = createImportJobs({
    api: /** @type {any} */ (api),
    projectId: "p",
    onChanged: () => void changes++,
  });
  await jobs.importAnnotations(entry("a.json").file, { format: "auto", keepGoing: false, skipMissing: false, askLabels: false, existing: "add" });
  await settle();
  await settle();
  const [{ key, job, problems, sent }] = jobs.rows.value;
  assert.deepEqual(
    problems.map(({ position }) => position),
    [3, 8],
  );
  assert.deepEqual(asked, [undefined, 3, 8]);
  assert.deepEqual([job?.state, sent], ["failed", null]);
  assert.ok(changes >= 1);
  await jobs.resume(key, { keep_going: true });
  await settle();
  assert.equal(jobs.rows.value[0].job?.state, "done");
  jobs.putAway(key);
  assert.equal(jobs.rows.value.length, 0);
});

test("all that failed goes out again as one", async () => {
  const { sent, queue } = byHand();
  const added = queue.add([entry("a"), entry("b"), entry("c")]);
  for (const path of ["a", "b", "c"]) sent.get(path)?.fail(refusal("Something went wrong.", 500));
  await added;
  let settled = false;
  const retried = queue.retry(queue.state.value.failures.map(({ id }) => id));
  void retried.then(() => (settled = true));
  assert.equal(queue.state.value.total, 3);
  for (const path of ["a", "b"]) sent.get(path)?.done();
  await settle();
  assert.equal(settled, false);
  sent.get("c")?.done();
  assert.equal((await retried).length, 3);
  assert.deepEqual([queue.busy(), queue.state.value.failures], [false, []]);
});

test("several files are sent one after the other, and each can be cancelled before its turn", async () => {
  /** @type {string[]} */
  const sent = [];
  /** @type {Array<() => void>} */
  const done = [];
  const api = {
    /** @param {string} _ @param {File} file @param {any} options */
    async importAnnotations(_, file, { signal }) {
      signal.throwIfAborted(); // as the real one
      sent.push(file.name);
      await new Promise((resolve) => done.push(() => resolve(null)));
      return { id: file.name, state: "done" };
    },
    importJob: async (/** @type {string} */ _, /** @type {string} */ id) => ({ id, state: "done" }),
  };
  const jobs = createImportJobs({ api: /** @type {any} */ (api), projectId: "p", onChanged() {} });
  const how = { format: "auto", keepGoing: false, skipMissing: false, askLabels: false, existing: "add" };
  const [, , last] = ["a", "b", "c"].map((path) => jobs.importAnnotations(entry(path).file, how));
  assert.deepEqual(
    jobs.rows.value.map(({ name }) => name),
    ["c", "b", "a"],
  );
  await settle();
  assert.deepEqual(sent, ["a"]);
  jobs.putAway(jobs.rows.value[1].key); // b
  done.shift()?.();
  await settle();
  assert.deepEqual(sent, ["a", "c"]);
  done.shift()?.();
  await last;
  assert.deepEqual([jobs.busy(), jobs.rows.value.length], [false, 2]);
});

test("a server that is busy or stumbles is asked again about an import", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const answers = [429, 503, 0, 404];
  let asked = 0;
  const api = {
    imports: async () => [{ id: "j", source: "s", state: "running", updated_at: "" }],
    async importJob() {
      throw refusal("No.", answers[asked++]);
    },
  };
  const jobs = createImportJobs({ api: /** @type {any} */ (api), projectId: "p", onChanged() {} });
  await jobs.find();
  for (let i = 0; i < 10; i++) {
    context.mock.timers.tick(2000);
    for (let step = 0; step < 10; step++) await Promise.resolve();
  }
  assert.equal(asked, 4); // what is not there is not asked for again
  assert.equal(jobs.rows.value[0].error, "No. Hint.");
});

test("what was cancelled before it began is not sent", async () => {
  const reason = new Error("Cancelled.");
  const body = new Blob(["x"]);
  await assert.rejects(sendBody("/nowhere", body, { signal: AbortSignal.abort(reason) }), reason);
});

test("an import is cancelled, and one that failed is discarded with its file", async () => {
  const asked = /** @type {string[]} */ ([]);
  const job = { id: "j", source: "s", state: "failed", bytes: 5, updated_at: "2000-01-01T00:00:00Z" };
  const api = {
    imports: async () => [job, { ...job, id: "old", bytes: 0 }],
    importJob: async () => ({ ...job, problems: [] }),
    cancelImport: async (/** @type {string} */ _, /** @type {string} */ id) => void asked.push(`cancel ${id}`),
    discardImport: async (/** @type {string} */ _, /** @type {string} */ id) => {
      asked.push(`discard ${id}`);
      if (asked.length < 3) throw refusal("No.", 503);
    },
  };
  const jobs = createImportJobs({ api: /** @type {any} */ (api), projectId: "p", onChanged() {} });
  await jobs.find();
  assert.deepEqual(
    jobs.rows.value.map(({ key }) => key),
    ["j"],
  ); // an old one that keeps nothing was seen
  await jobs.cancel("j");
  await jobs.discard("j");
  assert.equal(jobs.rows.value[0].error, "No. Hint.");
  await jobs.discard("j");
  assert.deepEqual(asked, ["cancel j", "discard j", "discard j"]);
  assert.equal(jobs.rows.value.length, 0);
});
