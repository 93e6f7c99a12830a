/** Others in the project as a page shows them, and what a page says of itself, and how often. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { signal } from "../../../../static/js/core/signals.js";
import { createPresence } from "../../../../static/js/document/sync/presence.js";
import { person } from "../server.js";

const ANN = person("Ann", { n: 1 });
const BEN = person("Ben", { n: 2, image: "other" });
let now = 0;

/** Time goes by. @param {number} ms */
async function pass(ms) {
  for (let gone = 0; gone < ms; gone += 10) {
    now += 10;
    mock.timers.tick(10);
    for (let turns = 0; turns < 4; turns++) await Promise.resolve();
  }
}

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

/** A page on "picture", as number 9, beside Ann who is there too and Ben who is elsewhere. */
async function page({ edits = true, connected = true } = {}) {
  /** @type {Map<string, (news: any) => void>} */
  const handlers = new Map();
  /** @type {Array<[string, any]>} */
  const said = [];
  const server = { people: [ANN, BEN], held: /** @type {Record<string, number>} */ ({}), refused: /** @type {string[]} */ ([]) };
  const socket = {
    connected,
    on: (/** @type {string} */ event, /** @type {(news: any) => void} */ handler) => {
      handlers.set(event, handler);
      return () => void handlers.delete(event);
    },
    mention: (/** @type {string} */ event, /** @type {any} */ payload) => void said.push([event, payload]),
    async say(/** @type {string} */ event, /** @type {any} */ payload) {
      said.push([event, payload]);
      if (event === "here") return { me: 9, people: [...server.people, person("Me", { n: 9 })], held: server.held, followers: 0 };
      return { mine: (payload.objects ?? []).filter((/** @type {string} */ id) => !server.refused.includes(id)) };
    },
  };
  const image = signal(/** @type {{id: string}|null} */ ({ id: "picture" }));
  const object = signal(/** @type {string|null} */ (null));
  const waiting = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  const parts = { socket, image, object, waiting, edits, clock: () => now };
  const presence = createPresence(/** @type {Parameters<typeof createPresence>[0]} */ (/** @type {unknown} */ (parts)));
  await pass(400);
  const tell = (/** @type {string} */ event, /** @type {any} */ news) => handlers.get(event)?.(news);
  const of = (/** @type {string} */ event) => said.filter(([name]) => name === event).map(([, payload]) => payload);
  return { presence, socket, server, said, of, tell, image, object, waiting, handlers };
}

test("who is on the image and who is elsewhere, without oneself", async () => {
  const { presence, tell, handlers } = await page();
  assert.deepEqual([...presence.people.peek().values()].map(({ name }) => name), ["Ann", "Ben"]);
  assert.deepEqual(presence.here.peek(), [ANN]);
  tell("person:here", { ...BEN, image: "picture", tool: "brush" });
  tell("person:here", person("Me", { n: 9, tool: "box" }));
  assert.deepEqual(presence.here.peek().map(({ name, tool }) => [name, tool]), [["Ann", null], ["Ben", "brush"]]);
  tell("person:left", { n: 1 });
  assert.deepEqual(presence.here.peek().map(({ name }) => name), ["Ben"]);
  tell("disconnect", undefined);
  assert.equal(presence.people.peek().size, 0);
  presence.close();
  assert.equal(handlers.size, 0);
});

test("what is in hand is said at once after a pause, and of quick changes the last", async () => {
  const { presence, of, object, image } = await page();
  const before = of("here").length;
  for (const id of ["a", "b", "c"]) object.value = id;
  presence.tool.value = "brush";
  await pass(1000);
  assert.deepEqual(of("here").slice(before), [{ image: "picture", object: "c", tool: "brush" }]);
  image.value = { id: "other" };
  assert.equal(of("here").at(-1).image, "other");
  image.value = { id: "other" }; // its state changed
  await pass(1000);
  assert.equal(of("here").length, before + 2);
  presence.close();
});

test("what is in hand is told to nobody while nobody is there, and once somebody comes", async () => {
  const { presence, server, of, tell, object } = await page();
  server.people = [];
  tell("person:left", { n: 1 });
  tell("person:left", { n: 2 });
  const before = of("here").length;
  object.value = "a";
  let asked = 0;
  presence.point(() => ({ x: (asked += 1), y: 1 }));
  await pass(1000);
  assert.equal(of("here").length, before);
  assert.equal(asked, 0); // nor is the place reckoned
  server.people = [ANN];
  tell("person:here", ANN);
  tell("person:here", { ...ANN, tool: "box" });
  await pass(1000);
  assert.deepEqual(of("here").slice(before).map((each) => each.object), ["a"]);
  presence.close();
});

test("lists that the server says again are not new ones", async () => {
  const { presence, object } = await page();
  const [people, taken] = [presence.people.peek(), presence.taken.peek()];
  object.value = "a";
  await pass(1000);
  assert.equal(presence.people.peek(), people);
  assert.equal(presence.taken.peek(), taken);
  presence.close();
});

test("the pointer is told 12 times a second while it moves, its last place always, and to nobody when nobody is there", async () => {
  const { presence, of, tell } = await page();
  for (let i = 0; i < 200; i++) {
    presence.point(() => ({ x: i + 0.123, y: 5 }));
    await pass(10);
  }
  assert.ok(of("point").length >= 22 && of("point").length <= 26, String(of("point").length));
  await pass(100);
  assert.deepEqual(of("point").at(-1), { at: [199.1, 5] });
  presence.point(() => null);
  await pass(100);
  assert.deepEqual(of("point").at(-1), { at: null });
  const before = of("point").length;
  tell("person:left", { n: 1 });
  presence.point(() => ({ x: 1, y: 1 }));
  await pass(100);
  assert.equal(of("point").length, before);
  presence.close();
});

test("pointers of others are shown where they are, and gone with them, their pointer or their image", async () => {
  const { presence, tell, image } = await page();
  tell("cursors", { at: [[1, 10.5, 20], [2, 1, 1], [9, 3, 3], [77, 1, 1]] });
  assert.deepEqual([...presence.cursors.peek()], [[1, { x: 10.5, y: 20, at: now }]]);
  tell("cursors", { at: [[1]] });
  assert.equal(presence.cursors.peek().size, 0);
  for (const end of [() => tell("person:left", { n: 1 }), () => tell("person:here", { ...ANN, image: "other" }), () => (image.value = { id: "x" })]) {
    tell("person:here", ANN);
    tell("cursors", { at: [[1, 1, 1]] });
    assert.equal(presence.cursors.peek().size, 1);
    end();
    assert.equal(presence.cursors.peek().size, 0);
    image.value = { id: "picture" };
    await pass(400);
  }
  presence.close();
});

test("an object is held while it is edited and until it is saved, and said again before the server forgets it", async () => {
  const { presence, of, waiting } = await page();
  presence.point(() => ({ x: 1, y: 1 }));
  presence.editing.value = new Set(["o"]);
  await pass(400);
  assert.deepEqual(of("hold"), [{ objects: ["o"] }]);
  await pass(11_000);
  assert.deepEqual(of("hold").slice(1), [{ objects: ["o"] }]);
  waiting.value = new Set(["o", "u"]);
  presence.editing.value = new Set();
  await pass(1000);
  assert.deepEqual(of("hold").at(-1), { objects: ["o"] });
  waiting.value = new Set();
  await pass(1000);
  assert.deepEqual(of("hold").at(-1), { objects: [] });
  const count = of("hold").length;
  await pass(30_000);
  assert.equal(of("hold").length, count);
  presence.close();
});

test("who rests lets go, and takes it up again with the next move", async () => {
  const { presence, of } = await page();
  presence.point(() => ({ x: 1, y: 1 }));
  presence.editing.value = new Set(["o"]);
  await pass(45_000);
  assert.deepEqual(of("hold").at(-1), { objects: [] });
  presence.point(() => ({ x: 2, y: 1 }));
  await pass(400);
  assert.deepEqual(of("hold").at(-1), { objects: ["o"] });
  presence.close();
});

test("what the room hears of one's own hold before the answer comes is not another page's", async () => {
  const { presence, server, socket, tell } = await page();
  server.refused = ["x"];
  const seen = /** @type {number[]} */ ([]);
  const { say } = socket;
  socket.say = async (event, payload) => {
    if (event === "hold") tell("held", { held: { o: 9, x: 1 } });
    seen.push(presence.taken.peek().size);
    return say(event, payload);
  };
  presence.point(() => null);
  presence.editing.value = new Set(["o", "x"]);
  await pass(400);
  assert.deepEqual([seen, [...presence.taken.peek()]], [[1], [["x", ANN]]]);
  presence.close();
});

test("what others hold is taken, what one holds oneself is not, and in another tab it is again", async () => {
  const { presence, tell, server } = await page();
  presence.point(() => ({ x: 1, y: 1 }));
  server.refused = ["u"];
  presence.editing.value = new Set(["o", "u"]);
  await pass(400);
  tell("held", { held: { o: 9, u: 9, x: 1 } });
  assert.deepEqual([...presence.taken.peek()], [["u", null], ["x", ANN]]);
  presence.close();
});

test("who may not edit holds nothing", async () => {
  const { presence, of } = await page({ edits: false });
  presence.point(() => ({ x: 1, y: 1 }));
  presence.editing.value = new Set(["o"]);
  await pass(400);
  assert.deepEqual(of("hold"), []);
  presence.close();
});

test("a place to look at is shown for three seconds, to oneself too", async () => {
  const { presence, of, tell } = await page();
  presence.look({ x: 1.26, y: 2 });
  tell("person:look", { n: 1, at: [3, 4] });
  tell("person:look", { n: 2, at: [5, 6] }); // on another image
  assert.deepEqual(of("look"), [{ at: [1.3, 2] }]);
  assert.deepEqual(presence.lookings.peek().map(({ person: who, x }) => [who?.name, x]), [[undefined, 1.26], ["Ann", 3]]);
  await pass(2900);
  assert.equal(presence.lookings.peek().length, 2);
  await pass(200);
  assert.equal(presence.lookings.peek().length, 0);
  presence.close();
});

test("a view is told while somebody follows", async () => {
  const { presence, of, tell } = await page();
  presence.view([1, 2, 300]);
  await pass(200);
  assert.deepEqual(of("view"), []);
  tell("followed", { followers: 1 });
  for (let i = 0; i < 100; i++) {
    presence.view([i, 2, 300.04]);
    await pass(10);
  }
  await pass(200);
  assert.ok(of("view").length <= 12, String(of("view").length));
  assert.deepEqual(of("view").at(-1), { at: [99, 2, 300] });
  presence.close();
});

test("after a reconnection all of it is said again", async () => {
  const { presence, socket, said, tell, server } = await page();
  presence.point(() => ({ x: 1, y: 1 }));
  presence.editing.value = new Set(["o"]);
  presence.follow(1);
  await pass(400);
  socket.connected = false;
  tell("disconnect", undefined);
  assert.deepEqual([presence.taken.peek().size, presence.me.peek()], [0, null]);
  presence.point(() => ({ x: 2, y: 2 }));
  await pass(1000);
  said.length = 0;
  server.held = { x: 1 };
  socket.connected = true;
  tell("connect", undefined);
  await pass(10);
  assert.deepEqual(said.map(([event]) => event).sort(), ["follow", "here", "hold"]);
  assert.equal(presence.people.peek().size, 2);
  assert.deepEqual([...presence.taken.peek().keys()], ["x"]);
  presence.close();
});
