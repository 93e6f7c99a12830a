import assert from "node:assert/strict";
import { test } from "node:test";

import { found, matched } from "../../../../static/js/pages/annotate/commands/palette-match.js";

/** @param {...string} titles */
const entries = (...titles) => titles.map((title) => ({ title, words: "" }));
/** @param {string} typed @param {...string} titles */
const titles = (typed, ...titles) => found(typed, entries(...titles)).map(({ entry }) => entry.title);

test("letters match in order, anywhere, whatever their case", () => {
  assert.deepEqual(matched("zi", "Zoom in")?.at, [0, 5]);
  assert.equal(matched("niz", "Zoom in"), null);
  assert.deepEqual(matched("填充", "填充孔洞")?.at, [0, 1]);
});

test("starts of words and letters together count most", () => {
  const all = ["Lasso", "Fill holes", "Hide the selected object", "Show all objects"];
  assert.deepEqual(titles("ho", ...all)[0], "Fill holes");
  assert.deepEqual(titles("lab", "Make available", "Label: car")[0], "Label: car");
  assert.deepEqual(titles("nx", "Next image", "Next object"), ["Next image", "Next object"]);
});

test("letters strewn over a long text mean nothing", () => {
  assert.equal(matched("xyz", "Excluded objects stay in a lazy maze"), null);
});

test("nothing typed is everything, in its order", () => {
  assert.deepEqual(titles("", "b", "a"), ["b", "a"]);
});

test("what an entry is also known by finds it, after those with it in their title", () => {
  const list = [
    { title: "画笔", words: "brush" },
    { title: "brush size", words: "" },
  ];
  assert.deepEqual(
    found("brush", list).map(({ entry }) => entry.title),
    ["brush size", "画笔"],
  );
});
