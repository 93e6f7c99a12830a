import assert from "node:assert/strict";
import { test } from "node:test";

import { createPreference, extentOf, usual } from "../../../../static/js/document/prompt/preference.js";

/** @typedef {import("../../../../static/js/core/types.js").Candidate} Candidate */

/** Candidates of these areas, in offered order. @param {number[]} areas */
const offered = (...areas) => /** @type {Candidate[]} */ (areas.map((areaFraction, i) => ({ token: i + 1, areaFraction })));

/** @type {Map<string, string>} */
const stored = new Map();
globalThis.localStorage = /** @type {Storage} */ (
  /** @type {unknown} */ ({ getItem: (/** @type {string} */ key) => stored.get(key) ?? null, setItem: stored.set.bind(stored) })
);

test("a habit is a clear majority of at least three", () => {
  assert.equal(usual(["whole", "whole"]), null);
  assert.equal(usual(["whole", "whole", "whole"]), "whole");
  assert.equal(usual(["part", "whole", "whole", "part"]), null);
  assert.equal(usual(["part", "whole", "whole", "part", "part", "part"]), "part");
});

test("whole, part and part of a part are told by area, not by the order they are offered in", () => {
  const candidates = offered(0.2, 0.1, 0.5);
  assert.deepEqual([0, 1, 2].map((i) => extentOf(candidates, i)), ["part", "subpart", "whole"]);
  assert.equal(extentOf(offered(0.1, 0.2), 0), null);
});

test("what was accepted of a label three times is shown first, of that label only, until it is reset", () => {
  const preference = createPreference("p");
  for (let i = 0; i < 3; i++) preference.note("wheel", offered(0.1, 0.2, 0.3), 0);
  assert.equal(preference.first("wheel", offered(0.5, 0.01, 0.2), 2), 1);
  assert.equal(preference.first("car", offered(0.5, 0.01, 0.2), 2), 2);
  assert.equal(preference.first("wheel", offered(0.5, 0.2, 0.1, 0.3), 0), 0); // not the three of a lone point
  assert.equal(createPreference("p").of("wheel"), "subpart");
  assert.equal(createPreference("q").of("wheel"), null);
  preference.reset("wheel");
  assert.equal(preference.first("wheel", offered(0.5, 0.01, 0.2), 2), 2);
  assert.equal(createPreference("p").of("wheel"), null);
});

test("labels may be called as what every object knows", () => {
  const preference = createPreference("odd");
  for (const label of ["constructor", "toString", "__proto__"]) {
    assert.deepEqual([preference.of(label), preference.first(label, offered(0.5, 0.01, 0.2), 2)], [null, 2]);
    for (let i = 0; i < 3; i++) preference.note(label, offered(0.1, 0.2, 0.3), 0);
    assert.deepEqual([preference.of(label), createPreference("odd").of(label)], ["subpart", "subpart"]);
    preference.reset(label);
    assert.equal(createPreference("odd").of(label), null);
  }
});

test("only the latest six count", () => {
  const preference = createPreference("six");
  for (let i = 0; i < 6; i++) preference.note("car", offered(0.1, 0.2, 0.3), 0);
  for (let i = 0; i < 4; i++) preference.note("car", offered(0.1, 0.2, 0.3), 2);
  assert.equal(preference.of("car"), "whole");
  stored.set("samphire.extents.broken", '{"car": "no list", "bus": ["whole", "whole", "whole"]}');
  assert.deepEqual(Object.keys(createPreference("broken").accepted.peek()), ["bus"]);
});
