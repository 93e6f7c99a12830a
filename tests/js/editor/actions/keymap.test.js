import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { ACTIONS } from "../../../../static/js/editor/actions/index.js";
import {
  against,
  assign,
  choosePreset,
  keysOf,
  contested,
  decide,
  keysOfProject,
  labelKeys,
  ownKeys,
  preset,
  projectPreset,
  reset,
  wantedLabelKeys,
  resolved,
} from "../../../../static/js/editor/actions/keymap.js";
import { keyText } from "../../../../static/js/editor/actions/key-events.js";
import { ariaKeys, keyHint } from "../../../../static/js/editor/actions/keys.js";
import { PRESETS } from "../../../../static/js/editor/actions/presets.js";

const known = new Set(ACTIONS.map(({ id }) => id));

beforeEach(() => {
  projectPreset.value = "samphire";
  wantedLabelKeys.value = new Map();
  choosePreset(null);
  reset();
});

/** @param {Map<string, readonly string[]>} keys by action @returns keys that mean several actions, with those */
function shared(keys) {
  /** @type {Map<string, string[]>} */
  const actions = new Map();
  for (const [id, list] of keys) for (const key of list) actions.set(key, [...(actions.get(key) ?? []), id]);
  return [...actions].filter(([, ids]) => ids.length > 1);
}

test("without a preset every action has the keys it brings", () => {
  for (const { id, keys } of ACTIONS) assert.deepEqual(keysOf(id), keys);
});

test("the tables of presets name actions that are there, and no key twice", () => {
  for (const { table } of Object.values(PRESETS)) {
    assert.deepEqual(
      Object.keys(table).filter((id) => !known.has(id)),
      [],
    );
    const keys = Object.values(table).flat();
    assert.equal(new Set(keys).size, keys.length);
  }
});

test("no preset makes a key mean more things than Samphire's own map does", () => {
  const own = new Map(shared(new Map(ACTIONS.map(({ id, keys }) => [id, keys]))));
  for (const { table } of Object.values(PRESETS)) {
    for (const [key, ids] of shared(resolved(ACTIONS, [table])))
      assert.ok(ids.every((id) => own.get(key)?.includes(id)), `${key} means ${ids}`);
  }
});

test("no preset leaves a tool or the zoom without a key", () => {
  for (const { title, table } of Object.values(PRESETS)) {
    const left = [...resolved(ACTIONS, [table])].filter(([id, keys]) => /^(tool|zoom)-/.test(id) && !keys.length);
    assert.deepEqual(left, [], title);
  }
});

test("a preset takes keys from actions it does not know, and leaves them the others", () => {
  projectPreset.value = "cvat";
  assert.deepEqual(keysOf("next-image"), ["F"]);
  assert.deepEqual(keysOf("previous-image"), ["D"]);
  assert.deepEqual(keysOf("zoom-fit"), ["0"]);
  assert.deepEqual(keysOf("undo"), ["Mod+Z"]);
  assert.ok(keysOf("accept").includes("Enter") && keysOf("cursor-enter").includes("Enter"));
  assert.equal(keyHint({ id: "next-image" }), " (F)");
});

test("a person's preset counts more than the project's", () => {
  projectPreset.value = "cvat";
  choosePreset("labelme");
  assert.equal(preset.value, "labelme");
  assert.deepEqual(keysOf("tool-box"), ["Mod+R", "B"]);
});

test("a key of one's own is taken from what had it, and given back by a reset", () => {
  assert.deepEqual(
    against("tool-point", "B").actions.map(({ id }) => id),
    ["tool-box"],
  );
  assign("tool-point", "B");
  assert.deepEqual(keysOf("tool-point"), ["B"]);
  assert.deepEqual(keysOf("tool-box"), []);
  assign("tool-select", "B"); // and again: nothing has it twice
  assert.deepEqual([keysOf("tool-point"), keysOf("tool-select")], [[], ["B"]]);
  reset("tool-select");
  reset("tool-point");
  assert.deepEqual(ownKeys.value, {});
  assert.deepEqual([keysOf("tool-point"), keysOf("tool-box"), keysOf("tool-select")], [["P"], ["B"], ["V"]]);
});

test("what shares a key by design is no conflict; what cannot change says so", () => {
  assert.deepEqual(against("accept", "Enter").actions, []);
  assert.equal(against("next-image", "Enter").actions.length, 3);
  for (const key of ["Space", "Tab", "Escape", "Shift+ArrowLeft"]) assert.ok(against("accept", key).fixed, key);
  assert.ok(!against("accept", "W").fixed);
});

test("a label takes a letter from a tool only where the person agreed, and only in that project", () => {
  keysOfProject.value = "streets";
  const used = new Set([...resolved(ACTIONS, []).values()].flat());
  const free = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].find((letter) => !used.has(letter)) ?? "";
  wantedLabelKeys.value = new Map([["B", "bus"], [free, "quay"]]);
  assert.deepEqual([...labelKeys.value], [[free, "quay"]]);
  assert.deepEqual(keysOf("tool-box"), ["B"]);
  const [{ key, label, actions, asked }] = contested.value;
  assert.deepEqual([key, label, actions.map(({ id }) => id), asked], ["B", "bus", ["tool-box"], false]);
  decide(["B"], false);
  assert.deepEqual([keysOf("tool-box"), contested.value[0].asked], [["B"], true]);
  decide(["B"], true);
  assert.deepEqual([keysOf("tool-box"), contested.value], [[], []]);
  assert.equal(against("tool-point", "B").label, "bus");
  keysOfProject.value = "rivers";
  assert.deepEqual(keysOf("tool-box"), ["B"]);
  keysOfProject.value = "streets";
  reset();
  assert.equal(contested.value[0].asked, false);
});

test("keys are written for people and for screen readers", () => {
  assert.equal(keyText("Mod+Shift+Z"), "Ctrl+Shift+Z");
  assert.equal(keyText("Mod++"), "Ctrl++");
  assert.equal(keyText("+"), "+");
  assert.equal(ariaKeys("redo"), "Control+Shift+Z Control+Y");
  assert.equal(ariaKeys("zoom-in"), "Plus =");
  assert.equal(ariaKeys("skip-and-next"), null);
});
