import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../static/js/core/errors.js";
import { createDirectUploads } from "../../../static/js/net/direct-uploads.js";

const LARGE = new Blob([new Uint8Array(2_000_000)]);
const failure = (/** @type {string} */ code, status = 400) => new ApiError(code, "It failed.", "", status);

/** What is asked, in order; `answers`: by step, an error to fail with. @param {Record<string, Error>} [answers] */
function uploads(answers = {}, reached = true) {
  /** @type {string[]} */
  const asked = [];
  const step = async (/** @type {string} */ name, /** @type {unknown} */ answer) => {
    asked.push(name);
    if (answers[name]) throw answers[name];
    return answer;
  };
  const add = createDirectUploads({
    json: (path, _method, body) =>
      path.endsWith("/uploads")
        ? step("offer", { id: "u1", url: "https://bucket/u1", content_type: "application/octet-stream" })
        : step("finish", { path, ...(/** @type {object} */ (body)) }),
    put: (url, _body, type) => step("put", `${url} ${type}`),
    reached,
  });
  return { asked, add: (file = LARGE, name = "a/b.png", options = {}) => add("/api/projects/p", file, name, options) };
}

test("a large image goes to the bucket, and the server is told its name", async () => {
  const { asked, add } = uploads();
  assert.deepEqual(await add(), { path: "/api/projects/p/uploads/u1", name: "a/b.png", folders: true });
  assert.deepEqual(asked, ["offer", "put", "finish"]);
});

test("a small one, or one of a server without such a bucket, goes to the server", async () => {
  const direct = uploads();
  assert.equal(await direct.add(new Blob(["small"])), null);
  const plain = uploads({}, false);
  assert.equal(await plain.add(), null);
  assert.deepEqual([...direct.asked, ...plain.asked], []);
});

test("whatever fails before the image is in the bucket, it goes to the server; a bucket that cannot be reached is not tried again", async () => {
  const limited = uploads({ offer: failure("too_many_requests", 429) });
  assert.deepEqual([await limited.add(), await limited.add()], [null, null]);
  assert.deepEqual(limited.asked, ["offer", "offer"]);
  const barred = uploads({ put: failure("unreachable", 0) });
  assert.deepEqual([await barred.add(), await barred.add()], [null, null]);
  assert.deepEqual(barred.asked, ["offer", "put"]);
});

test("what the server says about the image counts; only one that it does not find is sent to it", async () => {
  await assert.rejects(uploads({ finish: failure("invalid_image") }).add(), { code: "invalid_image" });
  await assert.rejects(uploads({ finish: failure("storage_full", 507) }).add(), { code: "storage_full" });
  assert.equal(await uploads({ finish: failure("upload_not_found", 404) }).add(), null);
});

test("an upload that is cancelled is not sent anywhere else", async () => {
  for (const name of ["offer", "put", "finish"]) {
    const abort = new AbortController();
    abort.abort();
    const { add } = uploads({ [name]: new DOMException("Cancelled", "AbortError") });
    await assert.rejects(add(LARGE, "a.png", { signal: abort.signal }), { name: "AbortError" });
  }
});
