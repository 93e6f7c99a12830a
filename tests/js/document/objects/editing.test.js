import assert from "node:assert/strict";
import { test } from "node:test";

import { signal } from "../../../../static/js/core/signals.js";
import { regionOf, rleOf } from "../../../../static/js/geometry/region.js";
import { createHistory } from "../../../../static/js/document/history.js";
import { createEditing, withMask } from "../../../../static/js/document/objects/editing.js";
import { createOutlines } from "../../../../static/js/document/objects/outline-states.js";
import { drawn, picture } from "../../geometry/pictures.js";
import { INCLUDE, desk } from "../prompt/desk.js";
import { annotation, page, person, server, settle } from "../server.js";

function room() {
  const there = server();
  const { objects, outbox, shown } = page(there);
  /** @type {string[]} */
  const said = [];
  const labels = /** @type {import("../../../../static/js/document/labels/labels.js").Labels} */ (
    /** @type {unknown} */ ({ active: { peek: () => ({ name: "car", color: "#e69f00" }) } })
  );
  const taken = signal(/** @type {ReadonlyMap<string, import("../../../../static/js/core/api-types.js").Person|null>} */ (new Map()));
  const editing = createEditing({
    image: { peek: () => ({ id: "picture" }) },
    objects,
    presence: { taken },
    outlines: createOutlines(),
    labels,
    prompting: () => prompting,
    ...{ projectId: () => "default", readOnly: false },
    say: (text) => said.push(text),
    refuse: (text) => said.push(text),
  });
  const { prompting } = desk({ record: editing.recordPrompt });
  const seen = (/** @type {string} */ id) => {
    const found = objects.find(id);
    return found ? picture(regionOf(found.rle)) : undefined;
  };
  const done = (/** @type {import("../../../../static/js/document/patch.js").Edit|undefined} */ wanted) =>
    wanted !== undefined && editing.edit(wanted.title, wanted.changes, wanted);
  return { there, taken, objects, outbox, shown, done, editing, prompting, said, seen, history: editing.history };
}

/** @param {string} id @param {string[]} rows @param {number} [x] */
const object = (id, rows, x = 0) => annotation({ id, ...rleOf(drawn(rows, x, 1), 20, 10) });

test("deleting offers to bring back what is gone: by undoing it, or as a step of its own", () => {
  const { done, editing, history, objects, shown, seen } = room();
  const three = ["a", "b", "c"].map((id, i) => object(id, ["##"], 3 * i));
  editing.edit("Add", three.map((after) => ({ before: null, after })));
  objects.lock("c");
  done(editing.removing(["a", "b", "c"]));
  assert.deepEqual(editing.removed.peek()?.objects.map(({ id }) => id), ["a", "b"]); // the locked one stayed
  assert.equal(editing.removed.peek()?.text, "Deleted 2 objects.");
  editing.bringBack();
  assert.deepEqual([shown.peek().length, history.undoTitle.peek(), editing.removed.peek()], [3, "Add", null]);

  done(editing.removing(["a"]));
  const [b] = shown.peek().filter(({ id }) => id === "b");
  editing.edit("Change", [{ before: b, after: { ...b, label: "bus" } }]);
  editing.bringBack();
  assert.deepEqual([shown.peek().length, history.undoTitle.peek()], [3, "Restore objects"]);
  history.undo();
  assert.equal(seen("a"), undefined);
  assert.equal(history.undoTitle.peek(), "Change");
});

test("accepting is one step: undone, the object is gone and its prompt is back", async () => {
  const { editing, history, prompting, there, shown } = room();
  prompting.add(INCLUDE);
  await prompting.settled();
  editing.edit("Accept", [{ before: null, after: annotation() }], { finishes: true });
  assert.equal(prompting.empty.peek(), true);
  assert.equal(history.undoTitle.peek(), "Accept");
  await settle();
  assert.equal(history.undo(), "Accept");
  assert.deepEqual([shown.peek().length, prompting.said.peek().points], [0, [INCLUDE]]);
  assert.equal(history.undo(), "Point");
  assert.deepEqual([history.canUndo.peek(), prompting.empty.peek()], [false, true]);
  for (const title of ["Point", "Accept"]) assert.equal(history.redo(), title);
  await settle();
  assert.deepEqual([[...there.kept.keys()], prompting.empty.peek(), history.redo()], [["a"], true, null]);
});

test("edits, drafts and prompts are undone in the order they were done; another step ends what could be redone", () => {
  const { editing, history, prompting, shown } = room();
  editing.edit("Add", [{ before: null, after: annotation() }]);
  editing.draft("Vertex", { tool: "polygon", points: [{ x: 1, y: 2 }] });
  editing.draft("Vertex", { tool: "polygon", points: [{ x: 1, y: 2 }, { x: 3, y: 4 }] });
  const before = shown.peek()[0];
  editing.edit("Label", [{ before, after: { ...before, label: "bus" } }]);
  history.undo();
  assert.deepEqual([shown.peek()[0].label, editing.drafts.peek()?.points.length], ["car", 2]);
  history.undo();
  assert.equal(editing.drafts.peek()?.points.length, 1);
  history.undo();
  assert.equal(editing.drafts.peek(), null);
  prompting.add(INCLUDE);
  assert.equal(history.canRedo.peek(), false);
  assert.equal(history.undoTitle.peek(), "Point");
});

test("undoing touches only the fields that were changed: what others changed since stays", async () => {
  const { editing, history, objects, shown } = room();
  editing.edit("Add", [{ before: null, after: annotation() }]);
  await settle();
  const before = shown.peek()[0];
  editing.edit("Label", [{ before, after: { ...before, label: "bus" } }]);
  await settle();
  objects.adopt({ ...shown.peek()[0], color: "#ffffff", version: 9 });
  history.undo();
  assert.deepEqual([shown.peek()[0].label, shown.peek()[0].color], ["car", "#ffffff"]);
});

test("a step over what others changed since is left out, with a word, and never overwrites it", async () => {
  const { editing, history, objects, shown, said, there } = room();
  await objects.load("default", "picture");
  editing.edit("Add", [{ before: null, after: annotation() }]);
  await settle();
  const before = shown.peek()[0];
  editing.edit("Label", [{ before, after: { ...before, label: "bus" } }]);
  await settle();
  objects.adopt({ ...shown.peek()[0], label: "tram", version: 9 });
  assert.deepEqual([history.undo(), history.canRedo.peek()], [null, false]);
  assert.equal(said.at(-1), "Skipped this step: tram was changed or deleted elsewhere since.");
  assert.equal(history.undo(), null); // nor is the object removed, which is another's by now
  assert.deepEqual([shown.peek().map(({ label }) => label), history.canUndo.peek()], [["tram"], false]);
  await settle();
  assert.deepEqual([...there.kept.values()].map(({ version }) => version), [2]); // the server was asked for nothing
});

test("of a step about several objects what others left is taken back, and only that is done again", async () => {
  const { editing, history, objects, shown, said } = room();
  for (const id of ["a", "b"]) editing.edit("Add", [{ before: null, after: annotation({ id }) }]);
  await settle();
  editing.edit("Label", shown.peek().map((before) => ({ before, after: { ...before, label: "bus" } })));
  await settle();
  objects.adopt({ .../** @type {import("../server.js").Annotation} */ (objects.find("b")), label: "tram", version: 9 });
  const labels = () => ["a", "b"].map((id) => objects.find(id)?.label);
  assert.deepEqual([history.undo(), labels()], ["Label", ["car", "tram"]]);
  assert.match(said.at(-1) ?? "", /^1 object of this step stays as it is/);
  assert.deepEqual([history.redo(), labels()], ["Label", ["bus", "tram"]]);
  assert.deepEqual([history.undo(), labels()], ["Label", ["car", "tram"]]);
});

test("a step waits while its object is not read yet, and goes once it is gone", async () => {
  const { editing, history, objects, said } = room();
  editing.edit("Add", [{ before: null, after: annotation() }]);
  const before = /** @type {import("../server.js").Annotation} */ (objects.find("a"));
  editing.edit("Label", [{ before, after: { ...before, label: "bus" } }]);
  await settle();
  objects.empty();
  assert.deepEqual([history.undo(), history.undoTitle.peek()], [null, "Label"]);
  assert.equal(said.at(-1), "The objects of this image aren't loaded yet.");
  await objects.load("default", "picture");
  assert.equal(history.undo(), "Label");
  objects.take("a"); // deleted elsewhere
  assert.deepEqual([history.redo(), objects.all.peek()], [null, []]);
  assert.equal(said.at(-1), "Skipped this step: car was changed or deleted elsewhere since.");
  assert.equal(history.undo(), "Add"); // what it would do is done
});

test("the history is bounded", () => {
  const { editing, history } = room();
  for (let i = 0; i < 600; i++) editing.draft("Vertex", { tool: "polygon", points: [{ x: i, y: 0 }] });
  let steps = 0;
  while (history.undo() !== null) steps += 1;
  assert.equal(steps, 500);
  assert.equal(editing.drafts.peek()?.points[0].x, 99);
});

test("steps of one run that follow each other closely are one", () => {
  let ms = 0;
  /** @type {string[]} */
  const applied = [];
  const history = createHistory({
    apply: (changes) => applied.push(...changes.map(({ after }) => after?.label ?? "")),
    restore: (/** @type {string} */ draft) => applied.push(draft),
    now: () => ms,
  });
  /** @param {string} from @param {string} to @param {number} at @param {string} [run] */
  const step = (from, to, at, run = "slider") => {
    ms = at;
    const [before, after] = [from, to].map((label) => annotation({ label }));
    history.record({ title: to, changes: [{ before, after }], draft: null, run });
  };
  step("a", "b", 0);
  step("b", "c", 500);
  step("c", "d", 1000);
  step("d", "e", 1700); // too late
  step("e", "f", 1800, "another");
  assert.equal(history.undo(), "f");
  assert.equal(history.undo(), "e");
  assert.equal(history.undo(), "d");
  assert.deepEqual([applied, history.canUndo.peek()], [["e", "d", "a"], false]);
  step("a", "b", 1900);
  step("b", "a", 2000); // and back: nothing was done
  assert.equal(history.canUndo.peek(), false);
  history.record({ title: "corners", changes: [], draft: { before: "few", after: "many" }, run: "slider" });
  step("a", "b", 2100);
  assert.equal(history.undo(), "b");
  assert.deepEqual([applied.slice(3), history.canUndo.peek()], [["a", "few"], false]);
});

test("a locked object is not changed, the others of the same edit are", () => {
  const { done, editing, objects, said, shown } = room();
  for (const id of ["a", "b"]) editing.edit("Add", [{ before: null, after: annotation({ id }) }]);
  objects.lock("a");
  done(editing.relabelling(["a", "b"], /** @type {any} */ ({ name: "bus", color: "#000000" })));
  assert.deepEqual(shown.peek().map(({ label }) => label), ["car", "bus"]);
  assert.equal(editing.edit("Delete", [{ before: objects.find("a"), after: null }]), false);
  assert.ok(said.length > 0);
});

test("without overlap, what is added takes its pixels from the others in the same step, but not from locked ones", () => {
  const { editing, history, objects, seen } = room();
  editing.edit("Add", [{ before: null, after: object("a", ["####", "####"]) }]);
  editing.edit("Add", [{ before: null, after: object("small", ["#", "#"], 3) }]);
  editing.edit("Add", [{ before: null, after: object("locked", ["##", "##"], 6) }]);
  objects.lock("locked");
  editing.noOverlap.value = true;
  editing.edit("Brush", [{ before: null, after: object("new", ["####", "####"], 3) }]);
  assert.deepEqual(seen("new"), ["###", "###"]);
  assert.deepEqual(seen("a"), ["###", "###"]);
  assert.deepEqual(seen("locked"), ["##", "##"]);
  assert.equal(objects.find("small"), null);
  history.undo();
  assert.deepEqual([seen("a"), seen("small")], [["####", "####"], ["#", "#"]]);
  assert.equal(objects.find("new"), null);
});

test("without overlap, an object of which locked ones leave nothing is neither added nor changed, and that is said", () => {
  const { editing, history, objects, said, seen } = room();
  editing.edit("Add", [{ before: null, after: object("a", ["##"], 12) }]);
  editing.edit("Add", [{ before: null, after: object("locked", ["####", "####"]) }]);
  objects.lock("locked");
  editing.noOverlap.value = true;
  const before = /** @type {import("../server.js").Annotation} */ (objects.find("a"));
  assert.equal(editing.edit("Refine", [{ before, after: object("a", ["##"], 1) }]), false);
  assert.deepEqual([seen("a"), said.pop()], [["##"], "Nothing would be left of car: it lies entirely inside locked objects."]);
  assert.equal(editing.edit("Brush", [{ before: null, after: object("new", ["#"], 1) }]), false);
  assert.deepEqual([objects.find("new"), said.length, history.undoTitle.peek()], [null, 1, "Add"]);
});

test("what would change a locked object is not undone, nor done again, and waits in the history", () => {
  const { done, editing, history, objects, said, shown } = room();
  editing.edit("Add", [{ before: null, after: annotation() }]);
  done(editing.relabelling(["a"], /** @type {any} */ ({ name: "bus", color: "#000000" })));
  objects.lock("a");
  assert.deepEqual([history.undo(), shown.peek()[0].label, history.undoTitle.peek()], [null, "bus", "Label bus"]);
  assert.deepEqual(said, ["This step changes bus, which is locked. Unlock it first."]);
  objects.lock("a", false);
  assert.deepEqual([history.undo(), shown.peek()[0].label], ["Label bus", "car"]);
  objects.lock("a");
  assert.deepEqual([history.redo(), history.undo(), shown.peek().length, history.canRedo.peek()], [null, null, 1, true]);
});

test("a new object lies on top; with another mask it is no network's any more", () => {
  const { editing } = room();
  editing.edit("Add", [{ before: null, after: annotation({ z: 7 }) }]);
  const made = editing.newAnnotation({ rle: { size: [2, 2], counts: "04" }, area: 4, bbox: [0, 0, 2, 2] });
  assert.deepEqual([made.z, made.label, made.project_id, made.segmenter], [8, "car", "default", null]);
  const changed = withMask(annotation(), { rle: { size: [2, 2], counts: "13" }, area: 3, bbox: [0, 0, 2, 2] });
  assert.deepEqual([changed.area, changed.candidate, changed.segmenter], [3, null, "mobile_sam"]);
});

test("what was done can be undone in another page, and what was being made is there again", () => {
  const { editing, prompting } = room();
  editing.edit("Add", [{ before: null, after: object("a", ["##"]) }]);
  prompting.add(INCLUDE);
  const taken = structuredClone(editing.progress());
  const next = room();
  next.objects.place(object("a", ["##"]));
  next.editing.resume(taken);
  assert.deepEqual(next.prompting.said.peek().points, [INCLUDE]);
  next.history.undo();
  assert.ok(next.prompting.empty.peek());
  next.history.undo();
  assert.deepEqual(next.shown.peek(), []);
  assert.equal(next.history.undo(), null);
  next.history.redo();
  assert.equal(next.shown.peek().length, 1);
});

test("what somebody else is editing is left alone, with a sentence, until that is over", async () => {
  const { objects, taken, editing, said, shown } = room();
  objects.apply([{ before: null, after: annotation() }]);
  await settle();
  const [before] = shown.peek();
  const relabel = () => editing.edit("Label", [{ before, after: { ...before, label: "bus" } }]);
  taken.value = new Map([["a", person("Ann")]]);
  assert.equal(relabel(), false);
  taken.value = new Map([["a", null]]);
  assert.equal(relabel(), false);
  assert.deepEqual(said, ["Ann is editing car.", "You are editing car in another tab."]);
  taken.value = new Map();
  assert.equal(relabel(), true);
  taken.value = new Map([["a", person("Ann")]]);
  editing.history.undo();
  assert.equal(shown.peek()[0].label, "bus");
});
