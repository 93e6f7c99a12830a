import assert from "node:assert/strict";
import { test } from "node:test";

import { ACTIONS, action } from "../../../../static/js/editor/actions/index.js";
import { keyName, keyNames } from "../../../../static/js/editor/actions/key-events.js";

/** @param {Partial<KeyboardEvent>} event */
const named = (event) =>
  keyName(/** @type {KeyboardEvent} */ ({ ctrlKey: false, metaKey: false, shiftKey: false, ...event }));

test("keys have one name on every keyboard", () => {
  assert.equal(named({ key: "z", ctrlKey: true }), "Mod+Z");
  assert.equal(named({ key: "Z", metaKey: true, shiftKey: true }), "Mod+Shift+Z");
  assert.equal(named({ key: "?", shiftKey: true }), "?");
  assert.equal(named({ key: " ", shiftKey: true }), "Shift+Space");
  assert.equal(named({ key: "Tab", shiftKey: true }), "Shift+Tab");
  assert.equal(named({ key: "+", shiftKey: true }), "+");
});

test("letters of other alphabets and signs of the third level are named by what they are for", () => {
  assert.equal(named({ key: "я", code: "KeyZ", ctrlKey: true }), "Mod+Z");
  assert.equal(named({ key: "µ", code: "KeyM", altKey: true }), "Alt+M");
  const graph = { key: "[", code: "Digit8", ctrlKey: true, altKey: true, getModifierState: () => true };
  assert.equal(named(graph), "[");
  const event = { key: "!", code: "Digit1", shiftKey: true, ctrlKey: false, metaKey: false, altKey: false };
  assert.deepEqual(keyNames(/** @type {KeyboardEvent} */ (event)), ["!", "Shift+1"]);
});

test("the promised keys are there", () => {
  const keys = new Set(ACTIONS.flatMap((each) => each.keys));
  for (const key of [
    "Enter",
    "N",
    "Escape",
    "Tab",
    "Shift+Tab",
    "Mod+Z",
    "Mod+Shift+Z",
    "V",
    "P",
    "B",
    "+",
    "-",
    "0",
    "F",
    "Delete",
    "?",
  ]) {
    assert.ok(keys.has(key), key);
  }
  for (let n = 1; n <= 9; n++) assert.ok(keys.has(String(n)));
});

test("few keys mean several things: what is half done, the mask, the object, in this order", () => {
  const meaning = (/** @type {string} */ key) => ACTIONS.filter(({ keys }) => keys.includes(key)).map(({ id }) => id);
  const keys = new Set(ACTIONS.flatMap((each) => each.keys));
  assert.deepEqual(Object.fromEntries([...keys].map((key) => [key, meaning(key)]).filter(([, ids]) => ids.length > 1)), {
    Enter: ["finish-shape", "accept", "cursor-enter"],
    N: ["finish-shape", "accept"],
    Backspace: ["take-back", "delete-object"],
    Delete: ["take-back", "delete-object"],
  });
});

test("every action has its own id and a title; an unknown one lists the known", () => {
  assert.equal(new Set(ACTIONS.map(({ id }) => id)).size, ACTIONS.length);
  for (const { title, group } of ACTIONS) assert.ok(title && group);
  assert.throws(() => action("nonsense"), /there are .*accept, cancel/);
});
