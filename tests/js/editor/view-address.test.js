import assert from "node:assert/strict";
import { test } from "node:test";

import { hashOfView, viewOfHash } from "../../../static/js/editor/view-address.js";
import { createViewport } from "../../../static/js/editor/viewport.js";

test("what is on show comes back from its hash", () => {
  const view = { region: { x: -20.25, y: 300.5, width: 400, height: 225 }, turn: /** @type {const} */ (3), object: "0f8c1a52-77aa" };
  const hash = hashOfView(view);
  assert.equal(hash, "#view=-20.25,300.5,400,225,3&object=0f8c1a52-77aa");
  assert.deepEqual(viewOfHash(hash), view);
});

test("all of the picture needs no region, and nothing no hash", () => {
  assert.equal(hashOfView({ region: null, turn: 0, object: null }), "");
  assert.deepEqual(viewOfHash("#object=an-object"), { region: null, turn: 0, object: "an-object" });
});

test("what cannot be meant is not followed", () => {
  for (const hash of [
    "",
    "#comment=0f8c1a52",
    "#view=",
    "#view=1,2,3",
    "#view=1,2,0,4",
    "#view=1,2,-3,4",
    "#view=a,b,c,d",
    "#view=1,2,1e99,4",
    "#view=NaN,2,3,4",
    "#object=%3Cimg%3E",
    "#object=../../secrets",
  ])
    assert.equal(viewOfHash(hash), null, hash);
  assert.equal(viewOfHash("#view=1,2,3,4,7")?.turn, 3);
});

test("a region fills a stage of another shape, turned or not", () => {
  const viewport = createViewport();
  viewport.resize({ width: 400, height: 800, dpr: 1 });
  viewport.setPicture({ width: 1000, height: 600 });
  const part = { x: 200, y: 100, width: 300, height: 150 };
  for (const turn of /** @type {const} */ ([0, 1, 2, 3])) {
    viewport.showRegion(part, turn);
    const shown = viewport.region();
    assert.equal(viewport.view.peek().turn, turn);
    assert.ok(Math.abs(shown.x + shown.width / 2 - 350) < 1e-6 && Math.abs(shown.y + shown.height / 2 - 175) < 1e-6);
    assert.ok(shown.width >= 300 - 1e-6 && shown.height >= 150 - 1e-6, JSON.stringify(shown));
    assert.ok(Math.abs(shown.width - 300) < 1e-6 || Math.abs(shown.height - 150) < 1e-6);
  }
});
