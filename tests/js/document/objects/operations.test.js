import assert from "node:assert/strict";
import { test } from "node:test";

import { regionOf, rleOf } from "../../../../static/js/geometry/region.js";
import {
  brought,
  copied,
  filled,
  leastPart,
  merged,
  shapeOf,
  split,
  stepped,
  subtracted,
  tidied,
} from "../../../../static/js/document/objects/operations.js";
import { chance, drawn, picture } from "../../geometry/pictures.js";

/** @typedef {import("../../../../static/js/core/types.js").Annotation} Annotation */

const BASE = /** @type {Annotation} */ (/** @type {unknown} */ ({ label: "shoe", color: "#123456", attributes: { left: true }, z: 0 }));
let made = 0;
const making = {
  /** @type {import("../../../../static/js/document/objects/operations.js").Making["withMask"]} */
  withMask: (annotation, mask) => ({ ...annotation, ...mask }),
  /** @type {import("../../../../static/js/document/objects/operations.js").Making["newAnnotation"]} */
  newAnnotation: (mask, fields) => ({ ...BASE, id: `new${made++}`, z: 99, ...mask, ...fields }),
};

/** @param {string} id @param {string[]} rows @param {number} [x] @param {number} [z] */
function object(id, rows, x = 0, z = 0) {
  return { ...BASE, id, z, ...rleOf(drawn(rows, x, 1), 20, 10) };
}

/** @param {Annotation|null} annotation */
const seen = (annotation) => annotation && picture(regionOf(annotation.rle));

test("merging keeps the first and removes the others", () => {
  const [a, b] = [object("a", ["##", "##"]), object("b", ["##", ".#"], 3)];
  const changes = merged(making, [a, b]);
  assert.deepEqual(changes.map(({ before }) => before?.id), ["a", "b"]);
  assert.deepEqual(seen(changes[0].after), ["##.##", "##..#"]);
  assert.equal(changes[0].after?.area, 7);
  assert.equal(changes[1].after, null);
  assert.deepEqual(merged(making, [a]), []);
});

test("subtracting leaves the others, and never nothing", () => {
  const a = object("a", ["####", "####"]);
  const changes = subtracted(making, a, [object("b", ["#", "#"], 3), object("c", ["#"], 9)]);
  assert.notEqual(changes, "emptied");
  assert.equal(changes.length, 1);
  assert.deepEqual(seen(/** @type {any} */ (changes)[0].after), ["###", "###"]);
  assert.deepEqual(subtracted(making, a, [object("b", ["#"], 4)]), []);
  assert.equal(subtracted(making, a, [a]), "emptied");
});

test("splitting keeps the object as its largest part", () => {
  const a = object("a", ["#..##", ".....", "#...."], 2, 7);
  const changes = split(making, a);
  assert.deepEqual(changes.map(({ after }) => seen(after)), [["##"], ["#"], ["#"]]);
  assert.deepEqual(changes.map(({ before }) => before?.id ?? null), ["a", null, null]);
  assert.deepEqual(changes.map(({ after }) => after?.z), [7, 7, 7]);
  assert.deepEqual(split(making, object("b", ["#.", ".#"])), []);
});

test("holes are filled and specks removed where there are any", () => {
  const holed = object("a", ["###..#", "#.#...", "###..."]);
  const plain = object("b", ["##"]);
  assert.deepEqual(shapeOf(holed.rle), { parts: 2, holes: 1, specks: 1 });
  assert.deepEqual(shapeOf(plain.rle), { parts: 1, holes: 0, specks: 0 });
  assert.deepEqual(filled(making, [holed, plain]).map(({ after }) => seen(after)), [["###..#", "###...", "###..."]]);
  assert.deepEqual(tidied(making, [plain, holed]).map(({ after }) => seen(after)), [["###", "#.#", "###"]]);
  assert.deepEqual([leastPart(9), leastPart(10_000), leastPart(1_000_000)], [4, 5, 500]);
});

test("a copy has another id and the same mask, label and attributes", () => {
  const a = object("a", ["#"]);
  const [{ before, after }] = copied(making, [a]);
  assert.equal(before, null);
  assert.notEqual(after?.id, a.id);
  assert.deepEqual([after?.rle, after?.label, after?.attributes, after?.z], [a.rle, "shoe", { left: true }, 99]);
});

/** @param {ReturnType<typeof stepped>} changes */
const heights = (changes) => Object.fromEntries(changes.map(({ after }) => [after?.id, after?.z]));
const NONE = /** @type {ReadonlySet<string>} */ (new Set());

test("an object changes its place by its own height where there is one between its neighbours", () => {
  const all = [object("a", ["##"], 0, 1), object("b", ["##"], 10, 4), object("c", ["##"], 1, 6), object("d", ["##"], 15, 9)];
  assert.deepEqual(heights(stepped(all, all[0], 1, NONE)), { a: 7 }); // past b too, which it does not meet
  assert.deepEqual(heights(stepped(all, all[1], 1, NONE)), { b: 7 });
  assert.deepEqual(heights(stepped(all, all[2], -1, NONE)), { c: 0 });
  assert.deepEqual(stepped(all, all[3], 1, NONE), []);
  assert.deepEqual(heights(brought(all, all[1], 1, NONE)), { b: 10 });
  assert.deepEqual(heights(brought(all, all[1], -1, NONE)), { b: 0 });
});

test("without a height between them as few others as can be give way", () => {
  const all = ["a", "b", "c", "d", "e"].map((id, z) => object(id, ["##"], 0, z));
  assert.deepEqual(heights(stepped(all, all[0], 1, NONE)), { a: 1, b: 0 });
  assert.deepEqual(heights(stepped(all, all[3], -1, NONE)), { d: 2, c: 3 });
  assert.deepEqual(heights(stepped(all, all[1], 1, NONE)), { b: 2, c: 1 });
  const flat = all.map((each) => ({ ...each, z: 0 }));
  assert.deepEqual(heights(stepped(flat, flat[1], -1, NONE)), { b: -1 });
  assert.deepEqual(heights(stepped(flat, flat[2], 1, NONE)), { c: 1, e: 2 });
});

test("locked ones keep their heights and are passed", () => {
  const all = ["a", "b", "c", "d"].map((id, z) => object(id, ["##"], 0, z));
  assert.deepEqual(heights(stepped(all, all[0], 1, new Set(["b"]))), { a: 2, c: 3, d: 4 });
  assert.deepEqual(heights(stepped(all, all[0], 1, new Set(["b", "c"]))), { a: 3, d: 4 }); // no height between b and c
  assert.deepEqual(heights(stepped(all, all[0], 1, new Set(["b", "c", "d"]))), { a: 4 });
  assert.deepEqual(heights(stepped(all, all[3], -1, new Set(["a", "b", "c"]))), { d: -1 });
});

test("whatever is moved, the order is the one meant", () => {
  const next = chance(17);
  for (let round = 0; round < 500; round++) {
    const all = Array.from({ length: 2 + (next() % 5) }, (_, i) => ({ ...object(`${i}`, ["##"], 0, next() % 4), created_at: `${i}` }));
    all.sort((a, b) => a.z - b.z || (a.created_at < b.created_at ? -1 : 1));
    const at = next() % all.length;
    const step = next() % 2 ? 1 : -1;
    const changes = new Map(stepped(all, all[at], step, NONE).map(({ after }) => [after?.id, after]));
    const now = all.map((each) => changes.get(each.id) ?? each);
    now.sort((a, b) => a.z - b.z || (a.created_at < b.created_at ? -1 : 1));
    const to = Math.min(all.length - 1, Math.max(0, at + step));
    const meant = all.toSpliced(at, 1).toSpliced(to, 0, all[at]);
    assert.deepEqual(now.map(({ id }) => id), meant.map(({ id }) => id));
  }
});
