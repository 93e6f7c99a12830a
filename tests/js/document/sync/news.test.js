/** What others do while this page does not hear of it: nothing is lost, nothing comes twice or in another order. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { picture, world } from "../opened.js";
import { annotation, settle } from "../server.js";

const made = (/** @type {string} */ id) => annotation({ id, version: 0 });

/** A page on a picture whose server has one object, "a". */
async function opened() {
  const page = world();
  const { there } = page;
  await there.api.createProjectAnnotation("default", "picture", made("a"));
  const doc = page.blank();
  await doc.open(picture("picture"));
  const watched = () => page.tell("watched", { image: "picture", project: "default", seq: there.state.last });
  watched();
  await settle();
  there.calls.length = 0;
  const shown = () => doc.objects.all.peek().map(({ id, label }) => `${id} ${label}`).sort();
  /** What the socket tells. @param {number} seq */
  const hear = (seq) => {
    const news = there.log.find((each) => each.seq === seq);
    if (news) page.tell(news.event, news);
  };
  return { ...page, doc, shown, watched, hear };
}

test("what was missed is asked for by number, and no list is read again", async () => {
  const { there, tell, doc, shown, watched } = await opened();
  tell("disconnect", {});
  await there.api.createProjectAnnotation("default", "picture", made("b"));
  await there.api.createProjectAnnotation("default", "picture", made("c"));
  await there.api.updateAnnotation("a", "default", { label: "tree", version: 1 });
  await there.api.deleteAnnotation("c", "default", 1);
  await there.api.createProjectAnnotation("default", "other", annotation({ id: "d", image_id: "other" }));
  there.calls.length = 0;
  tell("connect", {});
  watched();
  await settle();
  assert.deepEqual(there.calls, ["events"]);
  assert.deepEqual(shown(), ["a tree", "b car"]);
  doc.close();
});

test("where nothing was missed nothing is asked", async () => {
  const { there, tell, watched, doc } = await opened();
  tell("disconnect", {});
  tell("connect", {});
  watched();
  await settle();
  assert.deepEqual(there.calls, []);
  doc.close();
});

test("what the socket tells meanwhile comes after what was missed", async () => {
  const { there, tell, shown, watched, hear, doc } = await opened();
  tell("disconnect", {});
  await there.api.createProjectAnnotation("default", "picture", made("b"));
  const { events } = there.api;
  /** @type {() => void} */
  let answer = () => {};
  there.api.events = async (project, since) => {
    const early = await events(project, since);
    await new Promise((resolve) => (answer = () => resolve(undefined)));
    return early;
  };
  watched();
  await settle();
  await there.api.deleteAnnotation("b", "default", 1);
  hear(there.state.last); // before the answer that has it added
  answer();
  await settle();
  assert.deepEqual(shown(), ["a car"]);
  doc.close();
});

test("what happened between the list and the room is not lost", async () => {
  const { there, tell, shown, hear, doc } = await opened();
  await doc.open(picture("other"));
  await there.api.createProjectAnnotation("default", "other", annotation({ id: "d", image_id: "other" }));
  await there.api.updateAnnotation("a", "default", { label: "tree", version: 1 });
  hear(there.state.last); // of the image that was left, whose room it is in still
  assert.deepEqual(shown(), []);
  tell("watched", { image: "picture", project: "default", seq: there.state.last }); // the answer came late
  await settle();
  assert.deepEqual(shown(), []);
  tell("watched", { image: "other", project: "default", seq: there.state.last });
  await settle();
  assert.deepEqual(shown(), ["d car"]);
  doc.close();
});

for (const [why, forget] of /** @type {Array<[string, (state: {last: number, forgotten: number}) => void]>} */ ([
  ["is no longer kept", (state) => void (state.forgotten = state.last)],
  ["is of a past that was put back", (state) => void (state.last = 0)],
]))
  test(`where what was missed ${why} the list is read again`, async () => {
    const { there, tell, shown, watched, doc } = await opened();
    tell("disconnect", {});
    await there.api.createProjectAnnotation("default", "picture", made("b"));
    forget(there.state);
    there.calls.length = 0;
    watched();
    await settle();
    assert.deepEqual(there.calls, ["events", "list"]);
    assert.deepEqual(shown(), ["a car", "b car"]);
    watched();
    await settle();
    assert.deepEqual(there.calls, ["events", "list"]);
    doc.close();
  });

test("a connection that ends while it asks leaves the asking to the next", async () => {
  const { there, shown, watched, doc } = await opened();
  await there.api.createProjectAnnotation("default", "picture", made("b"));
  there.state.reachable = false;
  watched();
  await settle();
  assert.deepEqual(shown(), ["a car"]);
  there.state.reachable = true;
  watched();
  await settle();
  assert.deepEqual(shown(), ["a car", "b car"]);
  doc.close();
});

test("labels that changed several times are read again once, with all that was merged", async () => {
  const { there, tell, watched, doc } = await opened();
  tell("disconnect", {});
  for (const merged of [{ x: "y" }, {}, { y: "z" }]) {
    there.log.push({ event: "labels:changed", project: "default", image: "", seq: (there.state.last += 1), version: 2, merged });
  }
  let asked = 0;
  const { labels } = there.api;
  there.api.labels = (id) => {
    asked += 1;
    return labels(id);
  };
  watched();
  await settle();
  assert.equal(asked, 1);
  doc.close();
});
