import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { ApiError } from "../../../static/js/core/errors.js";
import { annotations as shown } from "../../../static/js/core/state.js";
import { createAnnotations } from "../../../static/js/scene/annotations.js";
import { createEdits, inverse } from "../../../static/js/scene/edits.js";
import { EMPTY } from "../../../static/js/scene/prompt-history.js";

/** @typedef {import("../../../static/js/core/types.js").Annotation} Annotation */

/** @param {Partial<Annotation>} [change] @returns {Annotation} */
function annotation(change = {}) {
  const mask = /** @type {const} */ ({ rle: { size: [2, 2], counts: "04" }, area: 4 });
  return {
    id: "a",
    image_id: "picture",
    label: "car",
    color: "#e69f00",
    rle: { size: [2, 2], counts: mask.rle.counts },
    area: mask.area,
    bbox: [0, 0, 2, 2],
    prompts: [],
    segmenter: "mobile_sam",
    weights: "w",
    candidate: 1,
    predicted_iou: 0.9,
    stability_score: 0.9,
    version: 1,
    created_at: "",
    updated_at: "",
    ...change,
  };
}

/** A server that keeps annotations by version, as the real one does. */
function server() {
  /** @type {Map<string, Annotation>} */
  const kept = new Map();
  /** @type {string[]} */
  const calls = [];
  const state = { reachable: true };
  const guard = (/** @type {string} */ call) => {
    calls.push(call);
    if (!state.reachable) throw new ApiError("unreachable", "The server cannot be reached.", "", 0);
  };
  const checked = (/** @type {string} */ id, /** @type {number} */ version) => {
    const current = kept.get(id);
    if (!current) throw new ApiError("annotation_not_found", "No such annotation.", "", 404);
    if (current.version !== version)
      throw new ApiError("version_conflict", "It was changed.", "", 409, { current });
    return current;
  };
  const api = {
    async createAnnotation(/** @type {string} */ _image, /** @type {Annotation} */ made) {
      guard("create");
      if (!kept.has(made.id)) kept.set(made.id, { ...made, version: 1 });
      return /** @type {Annotation} */ (kept.get(made.id));
    },
    async updateAnnotation(
      /** @type {string} */ id,
      /** @type {Partial<Annotation> & {version: number}} */ { version, ...patch },
    ) {
      guard("update");
      const next = { ...checked(id, version), ...patch, version: version + 1 };
      kept.set(id, next);
      return next;
    },
    async deleteAnnotation(/** @type {string} */ id, /** @type {number} */ version) {
      guard("delete");
      checked(id, version);
      kept.delete(id);
    },
    annotations: async () => [...kept.values()],
  };
  return {
    kept,
    calls,
    state,
    api: /** @type {import("../../../static/js/net/api.js").Api} */ (/** @type {unknown} */ (api)),
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

beforeEach(() => {
  shown.value = [];
});

test("what is accepted is shown at once and told apart until the server has it", async () => {
  const { api, kept } = server();
  const objects = createAnnotations(api);
  objects.add(annotation());
  assert.equal(shown.peek().length, 1);
  assert.equal(objects.unsaved.peek().get("a")?.state, "saving");
  await settle();
  assert.equal(objects.unsaved.peek().size, 0);
  assert.equal(kept.size, 1);
});

test("changes made before the creation is acknowledged follow it, on the right versions", async () => {
  const { api, kept, calls } = server();
  const objects = createAnnotations(api);
  objects.add(annotation());
  objects.change("a", { label: "bus" });
  objects.change("a", { color: "#000000" });
  await settle();
  assert.deepEqual(calls, ["create", "update", "update"]);
  assert.equal(kept.get("a")?.version, 3);
  assert.equal(kept.get("a")?.label, "bus");
  assert.equal(objects.unsaved.peek().size, 0);
});

test("what could not be saved says so and is saved when asked again", async () => {
  const { api, kept, state } = server();
  const objects = createAnnotations(api);
  state.reachable = false;
  objects.add(annotation());
  await settle();
  assert.equal(objects.unsaved.peek().get("a")?.state, "failed");
  assert.match(objects.unsaved.peek().get("a")?.message ?? "", /cannot be reached/);
  state.reachable = true;
  objects.unsaved.peek().get("a")?.retry();
  await settle();
  assert.equal(objects.unsaved.peek().size, 0);
  assert.equal(kept.size, 1);
});

test("several writes that failed are all made again, in order", async () => {
  const { api, kept, state } = server();
  const objects = createAnnotations(api);
  state.reachable = false;
  objects.add(annotation());
  objects.change("a", { label: "bus" });
  await settle();
  assert.equal(objects.unsaved.peek().get("a")?.state, "failed");
  state.reachable = true;
  objects.unsaved.peek().get("a")?.retry();
  await settle();
  assert.equal(kept.get("a")?.label, "bus");
  assert.equal(objects.unsaved.peek().size, 0);
});

test("a change made elsewhere is kept except where both changed the same", async () => {
  const { api, kept } = server();
  const objects = createAnnotations(api);
  objects.add(annotation());
  await settle();
  kept.set("a", annotation({ version: 2, color: "#ffffff" }));
  objects.change("a", { label: "bus" });
  await settle();
  assert.deepEqual(
    [kept.get("a")?.label, kept.get("a")?.color, kept.get("a")?.version],
    ["bus", "#ffffff", 3],
  );
  assert.equal(shown.peek()[0].color, "#ffffff");
});

test("deleting is undone and redone under the same id", async () => {
  const { api, kept } = server();
  const objects = createAnnotations(api);
  const prompting = /** @type {import("../../../static/js/scene/prompting.js").Prompting} */ (
    /** @type {unknown} */ ({ restore() {}, clear() {} })
  );
  const edits = createEdits({ annotations: objects, prompting });
  edits.perform({ kind: "add", annotation: annotation(), prompt: null });
  await settle();
  edits.perform({ kind: "remove", annotation: shown.peek()[0], prompt: null });
  await settle();
  assert.equal(kept.size, 0);
  edits.undo();
  await settle();
  assert.deepEqual([...kept.keys()], ["a"]);
  edits.undo();
  await settle();
  assert.equal(kept.size, 0);
  edits.redo();
  edits.redo();
  await settle();
  assert.equal(kept.size, 0);
  assert.equal(shown.peek().length, 0);
  assert.equal(objects.unsaved.peek().size, 0);
});

test("news of one's own write, or older news, changes nothing", async () => {
  const { api } = server();
  const objects = createAnnotations(api);
  objects.add(annotation());
  objects.adopt(annotation({ label: "theirs", version: 5 }));
  assert.equal(shown.peek()[0].label, "car");
  await settle();
  objects.adopt(annotation({ label: "old", version: 1 }));
  assert.equal(shown.peek()[0].label, "car");
  objects.adopt(annotation({ label: "new", version: 2 }));
  assert.equal(shown.peek()[0].label, "new");
});

test("what was deleted and restored elsewhere comes back, though its versions start anew", async () => {
  const { api } = server();
  const objects = createAnnotations(api);
  objects.adopt(annotation({ version: 3 }));
  objects.drop("a");
  assert.equal(shown.peek().length, 0);
  objects.adopt(annotation({ version: 1 }));
  assert.equal(shown.peek().length, 1);
  objects.remove("a");
  await settle();
  objects.adopt(annotation({ version: 1, label: "theirs" }));
  assert.equal(shown.peek()[0]?.label, "theirs");
});

test("a change of what was deleted elsewhere meanwhile does not stay unsaved for ever", async () => {
  const { api, kept } = server();
  const objects = createAnnotations(api);
  objects.add(annotation());
  await settle();
  kept.clear();
  objects.change("a", { label: "bus" });
  await settle();
  assert.equal(shown.peek().length, 0);
  assert.equal(objects.unsaved.peek().size, 0);
});

test("a list that comes after another picture was opened is not shown on it", async () => {
  const { api, kept } = server();
  const objects = createAnnotations(api);
  kept.set("a", annotation());
  const late = objects.load("picture");
  objects.empty();
  await late;
  assert.equal(shown.peek().length, 0);
  await objects.load("picture");
  assert.equal(shown.peek().length, 1);
});

test("only the latest additions keep the masks of their prompt", () => {
  const { api } = server();
  const objects = createAnnotations(api);
  /** @type {unknown[]} */
  const restored = [];
  const prompting = /** @type {import("../../../static/js/scene/prompting.js").Prompting} */ (
    /** @type {unknown} */ ({ restore: (/** @type {unknown} */ kept) => restored.push(kept), clear() {} })
  );
  const edits = createEdits({ annotations: objects, prompting });
  for (let i = 0; i < 20; i++) edits.perform({ kind: "add", annotation: annotation({ id: `n${i}` }), prompt: EMPTY });
  while (edits.canUndo.peek()) edits.undo();
  assert.equal(restored.length, 6);
  assert.equal(shown.peek().length, 0);
});

test("the inverse of an inverse is the patch", () => {
  const change = /** @type {const} */ ({
    kind: "change",
    changes: [{ id: "a", before: { label: "x" }, after: { label: "y" } }],
  });
  assert.deepEqual(inverse(inverse({ kind: "change", changes: [...change.changes] })), change);
});
