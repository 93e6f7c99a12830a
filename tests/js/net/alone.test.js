/** A page without a server: what is made in it is kept over its images, and tells when it changes. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { SamphireError } from "../../../static/js/core/errors.js";
import { signal } from "../../../static/js/core/signals.js";
import { createAlone } from "../../../static/js/net/alone.js";
import { picture, world } from "../document/opened.js";
import { INCLUDE } from "../document/prompt/desk.js";
import { LABEL, annotation, settle } from "../document/server.js";

const came = [annotation({ id: "came", image_id: "left" })];

function alone() {
  const images = signal([picture("left"), picture("right")]);
  const { api, socket, objects } = createAlone({ images, labels: [LABEL], annotations: came, read: async () => new ArrayBuffer(0) });
  return { objects, socket, doc: world().blank({ api, socket, store: undefined }) };
}

const ids = (/** @type {readonly {id: string}[]} */ list) => list.map(({ id }) => id);

test("objects of all images are kept, and looking at an image changes none", async () => {
  const { doc, objects } = alone();
  for (const id of ["left", "right"]) await doc.open(picture(id));
  await settle();
  assert.equal(objects.peek(), came);
  doc.prompting.add(INCLUDE);
  const made = await doc.accept();
  await settle();
  const kept = objects.peek();
  assert.deepEqual(ids(kept), ["came", made?.id]);
  await doc.open(picture("left"));
  assert.deepEqual(ids(doc.objects.all.peek()), ["came"]);
  await settle();
  assert.equal(objects.peek(), kept);
});

test("what is changed, deleted and undone is so in what is kept", async () => {
  const { doc, objects } = alone();
  await doc.open(picture("left"));
  const [before] = doc.objects.all.peek();
  doc.edit("Raise", [{ before, after: { ...before, z: 5 } }]);
  await settle();
  assert.deepEqual(objects.peek().map(({ z, version }) => [z, version]), [[5, 2]]);
  doc.change({ edit: doc.removing(["came"]) });
  await settle();
  assert.deepEqual(objects.peek(), []);
  doc.history.undo();
  await settle();
  assert.deepEqual(objects.peek().map(({ id, z }) => [id, z]), [["came", 5]]);
});

test("nobody computes masks when this browser cannot", async () => {
  const { socket } = alone();
  for (const asked of [() => socket.predict(/** @type {any} */ ({}), 1), () => socket.watch("left", "mobile_sam")]) await assert.rejects(asked, SamphireError);
});
