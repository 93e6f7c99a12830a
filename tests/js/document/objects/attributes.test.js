import assert from "node:assert/strict";
import { test } from "node:test";

import { incomplete, missingOf, valueOf, withAttribute } from "../../../../static/js/document/objects/attributes.js";
import { described, placeOf, shareOf } from "../../../../static/js/pages/annotate/panels/described.js";

/** @typedef {import("../../../../static/js/core/types.js").Annotation} Annotation */
/** @typedef {import("../../../../static/js/core/types.js").LabelAttribute} LabelAttribute */

/** @param {string} name @param {LabelAttribute['type']} type @param {boolean} [required] @returns {LabelAttribute} */
const attribute = (name, type, required = false) => ({ name, type, required, choices: type === "choice" ? ["a", "b"] : [] });
const label = {
  name: "car",
  color: "#112233",
  key: null, group: "",
  description: "",
  attributes: [attribute("plate", "text", true), attribute("doors", "number", true), attribute("parked", "flag", true), attribute("side", "choice")],
};
/** @param {Annotation['attributes']} attributes */
const car = (attributes) => /** @type {Annotation} */ ({ label: "car", attributes });

test("required attributes without a value are missing; a flag always has one", () => {
  assert.deepEqual(missingOf(car({}), label), ["plate", "doors"]);
  assert.deepEqual(missingOf(car({ plate: "B 12", doors: 0 }), label), []);
  assert.deepEqual(missingOf(car({ plate: "", doors: 4 }), label), ["plate"]);
  assert.deepEqual(missingOf(car({}), undefined), []);
});

test("attributes may be called as what every object knows", () => {
  for (const name of ["constructor", "toString", "__proto__"]) {
    const odd = { attributes: [attribute(name, "text", true)] };
    assert.deepEqual(missingOf(car({}), odd), [name]);
    const given = withAttribute(car({}), name, "x");
    assert.deepEqual([missingOf(given, odd), JSON.stringify(given.attributes)], [[], `{"${name}":"x"}`]);
    assert.deepEqual(missingOf(withAttribute(given, name, null), odd), [name]);
  }
});

test("objects that lack something are counted", () => {
  const tree = /** @type {Annotation} */ ({ label: "tree", attributes: {} });
  const lacking = car({ doors: 2 });
  const found = incomplete([car({ plate: "x", doors: 2 }), lacking, tree], [label]);
  assert.deepEqual(found, [{ annotation: lacking, missing: missingOf(lacking, label) }]);
  assert.equal(incomplete([car({})], []).length, 0);
});

test("what is written becomes a value of the attribute's type, or none", () => {
  assert.equal(valueOf(attribute("n", "number"), " 2.5 "), 2.5);
  assert.equal(valueOf(attribute("n", "number"), "many"), null);
  assert.equal(valueOf(attribute("t", "text"), " x "), "x");
  assert.equal(valueOf(attribute("t", "text"), "  "), null);
  assert.equal(valueOf(attribute("c", "choice"), "b"), "b");
  assert.equal(valueOf(attribute("c", "choice"), "z"), null);
  assert.equal(valueOf(attribute("f", "flag"), false), false);
});

test("an attribute is set and taken away without touching the others", () => {
  const before = car({ plate: "x", doors: 2 });
  assert.deepEqual(withAttribute(before, "doors", 4).attributes, { plate: "x", doors: 4 });
  assert.deepEqual(withAttribute(before, "doors", null).attributes, { plate: "x" });
  assert.deepEqual(before.attributes, { plate: "x", doors: 2 });
});

test("an object is described by its label, its share and its place", () => {
  const size = { width: 300, height: 150 };
  assert.equal(placeOf([0, 0, 20, 20], size), "upper left");
  assert.equal(placeOf([100, 50, 100, 50], size), "centre");
  assert.equal(placeOf([280, 140, 20, 10], size), "lower right");
  assert.equal(shareOf(5400, size), "12%");
  assert.equal(shareOf(450, size), "1.0%");
  assert.equal(shareOf(3, size), "< 0.1%");
  const object = /** @type {Annotation} */ ({ label: "car", area: 5400, bbox: [0, 0, 60, 90] });
  const state = { number: 3, latest: false, hidden: false, locked: true, unsaved: false, missing: ["plate"] };
  assert.equal(described(object, size, state), "car, 12% of the image, upper left, number 3, locked, missing: plate");
});
