import assert from "node:assert/strict";
import { test } from "node:test";

import { groupOf, inGroups, nameInGroup } from "../../../../static/js/document/labels/label-groups.js";

/** @param {string} name @param {string} [group] */
const label = (name, group = "") => ({ name, group });

test("a label's group is the one it was given, or what stands before the slash", () => {
  assert.deepEqual([label("dog", "animal"), label("animal/cat"), label("a/b/c"), label("sky")].map(groupOf), ["animal", "animal", "a/b", ""]);
  assert.deepEqual([label("animal/cat"), label("dog", "animal"), label("a/b/c"), label("x/")].map(nameInGroup), ["cat", "dog", "c", "x/"]);
});

test("groups come in the order they are met, those without one first; one alone is none", () => {
  const labels = [label("dog", "animal"), label("car", "vehicle"), label("sky"), label("cat", "animal")];
  const names = inGroups(labels).map(({ group, labels: some }) => [group, some.map(({ name }) => name)]);
  assert.deepEqual(names, [["", ["sky"]], ["animal", ["dog", "cat"]], ["vehicle", ["car"]]]);
  const alone = [label("dog", "animal"), label("cat", "animal")];
  assert.deepEqual(inGroups(alone), [{ group: "", labels: alone }]);
  assert.deepEqual(inGroups([]), []);
});
