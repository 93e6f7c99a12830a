/** The list of proposals: what a run puts in its place, and what is left of it when none begins or it fails. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../../../static/js/core/errors.js";
import * as reactive from "../../../../../static/js/core/signals.js";
import { createModel } from "../../../../../static/js/pages/annotate/proposals/model.js";

/** @param {string} id */
const proposal = (id) => ({ id, bbox: [0, 0, 4, 4], area: 16, predicted_iou: 0.95, stability_score: 0.99, point: [1, 1] });
const settle = () => new Promise((resolve) => setTimeout(resolve, 2));

/** An opened image whose list has one proposal, and a server whose runs say what the test has them say. */
function world() {
  const refused = /** @type {string[]} */ ([]);
  const waiting = /** @type {unknown[]} */ ([]);
  const taken = /** @type {any[]} */ ([]);
  const doc = {
    project: reactive.signal({ id: "p", settings: { propose_threshold: 0.88 } }),
    image: reactive.signal({ id: "one", width: 8, height: 8 }),
    segmenters: reactive.signal({ inUse: { id: "s", weights: "w" } }),
    objects: { all: reactive.signal([]), find: () => undefined },
    dropped: reactive.signal(/** @type {string[]} */ ([])),
    said: reactive.signal(""),
    outbox: { ofImage: async () => waiting },
    labels: { active: reactive.signal({ name: "thing" }) },
    newAnnotation: (/** @type {object} */ mask, /** @type {object} */ more) => ({ ...mask, ...more, z: 0 }),
    edit: (/** @type {string} */ _title, /** @type {Array<{after: any}>} */ changes) => {
      taken.push(...changes.map(({ after }) => after));
      return false;
    },
    refuse: (/** @type {string} */ sentence) => void refused.push(sentence),
  };
  /** @type {Array<object|Error>} */
  const lines = [];
  let more = () => {};
  const api = {
    proposals: async () => ({ proposals: [proposal("old"), proposal("other")], segmenter: "s", weights: "w", settings: null, ahead: false }),
    async *propose() {
      for (;;) {
        const line = lines.shift();
        if (line instanceof Error) throw line;
        if (line) yield line;
        else await new Promise((resolve) => (more = () => resolve(null)));
        if (line && "kept" in line) return;
      }
    },
    stopProposing: async () => {},
  };
  const model = createModel(/** @type {any} */ (doc), /** @type {any} */ (api), reactive);
  const say = async (/** @type {object|Error} */ line) => {
    lines.push(line instanceof Error ? line : { state: "running", progress: 0.1, found: [], segmenter: "s", weights: "w", ...line });
    more();
    await settle();
  };
  const ids = () => model.list.peek().map(({ id }) => id);
  return { doc, api, model, say, ids, refused, waiting, taken };
}

async function opened() {
  const made = world();
  await made.model.open("one");
  assert.deepEqual(made.ids(), ["old", "other"]);
  return made;
}

test("the list stays until the run's first masks are there", async () => {
  const { model, say, ids } = await opened();
  const run = model.propose();
  assert.deepEqual([ids(), model.running.peek()], [["old", "other"], 0]);
  await say({ state: "encoding" });
  assert.deepEqual(ids(), ["old", "other"]);
  await say({ found: [proposal("new")] });
  assert.deepEqual(ids(), ["new"]);
  await say({ state: "complete", kept: ["new"] });
  await run;
  assert.deepEqual([ids(), model.running.peek()], [["new"], null]);
});

test("a run that finds nothing leaves nothing", async () => {
  const { model, say, ids } = await opened();
  const run = model.propose();
  await say({ state: "complete", kept: [] });
  await run;
  assert.deepEqual(ids(), []);
});

test("one that is not admitted says so and takes nothing away", async () => {
  const { model, say, ids, refused } = await opened();
  const run = model.propose();
  await settle();
  await say(new ApiError("conflict", "Masks are being proposed already.", "", 409));
  await run;
  assert.deepEqual([ids(), model.running.peek()], [["old", "other"], null]);
  assert.match(refused[0], /being proposed already/);
});

test("one that fails half way says so and gives the list back", async () => {
  const { model, say, ids, refused } = await opened();
  const run = model.propose();
  await say({ found: [proposal("new")] });
  await say({ state: "failed", error: { code: "internal", message: "The decoder failed.", hint: "" }, kept: [] });
  await run;
  assert.deepEqual([ids(), refused], [["old", "other"], ["The decoder failed."]]);
});

test("a list that cannot be read is not waited for for ever", async () => {
  const { model, api, ids } = world();
  api.proposals = async () => {
    throw new ApiError("internal", "The server failed.", "", 500);
  };
  await model.open("one");
  assert.deepEqual([model.listed.peek(), model.failed.peek(), ids()], [true, true, []]);
});

test("a run that begins before the list is there does not leave it loading", async () => {
  const { model, say, refused } = world();
  const opening = model.open("one");
  const run = model.propose();
  await opening;
  assert.equal(model.listed.peek(), false);
  await say(new ApiError("forbidden", "You may not.", "", 403));
  await run;
  assert.deepEqual([model.listed.peek(), refused.length], [true, 1]);
});

test("what waits to be dropped on the server is not listed, unless this page can undo it", async () => {
  const { doc, model, ids, waiting } = world();
  waiting.push({ words: { drop: ["old", "other"], restore: [] } });
  doc.dropped.value = ["other"];
  await model.open("one");
  assert.deepEqual(ids(), ["other"]);
  assert.deepEqual(model.shown.peek(), []);
});

test("what is taken remembers the crop it was found in, but not the whole image", async () => {
  const { model, taken } = await opened();
  const found = (/** @type {string} */ id, /** @type {number[]} */ crop) => /** @type {any} */ ({ ...proposal(id), crop_box: crop });
  model.take([found("small", [0, 0, 4, 4]), found("whole", [0, 0, 8, 8])]);
  assert.deepEqual(
    taken.map(({ id, prompts }) => [id, prompts[0].crop_box]),
    [["small", [0, 0, 4, 4]], ["whole", undefined]],
  );
});
