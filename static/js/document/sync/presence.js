/**
 * Who else is in the project, where they point and what they are editing; and saying the same of oneself. All of it is of
 * the moment: it is said again after each connection, and kept nowhere.
 */

import { batch, computed, effect, signal } from "../../core/signals.js";

/** @typedef {import("../../core/api-types.js").Person} Person */
/** @typedef {{x: number, y: number, at: number}} Cursor  image frame; at: milliseconds, when it moved last */
/** @typedef {{key: number, person: Person|null, x: number, y: number}} Looking  person: null for oneself */
/** @typedef {ReturnType<typeof createPresence>} Presence */

const SAY_MS = 350; // between two words on what is in hand
const POINT_MS = 80; // between two places of the pointer
const VIEW_MS = 100;
const HOLD_MS = 10_000; // until what is being edited is said again, which the server forgets after 30 s
const RESTING_MS = 20_000; // without a move of the pointer: who rests holds nothing for long
const LOOK_MS = 3000;

/**
 * @param {object} parts
 * @param {Pick<import("../../net/socket.js").Live, 'on'|'say'|'mention'|'connected'>} parts.socket
 * @param {{readonly value: {id: string}|null}} parts.image  the opened one
 * @param {{readonly value: string|null, peek: () => string|null}} parts.object  id of the selected one
 * @param {{readonly value: ReadonlySet<string>, peek: () => ReadonlySet<string>}} parts.waiting  ids of objects whose changes are not saved yet
 * @param {boolean} parts.edits  whether this person may
 * @param {() => number} [parts.clock]  milliseconds
 */
export function createPresence({ socket, image, object, waiting, edits, clock = () => performance.now() }) {
  /** Others in the project, by number. */
  const people = signal(/** @type {ReadonlyMap<number, Person>} */ (new Map()));
  const me = signal(/** @type {number|null} */ (null));
  /** By number, of those whose pointer is on the opened image. */
  const cursors = signal(/** @type {ReadonlyMap<number, Cursor>} */ (new Map()));
  const lookings = signal(/** @type {readonly Looking[]} */ ([]));
  /** Objects of the image that somebody edits, by number of the person. */
  const held = signal(/** @type {ReadonlyMap<string, number>} */ (new Map()));
  /** Those that this page does. */
  const mine = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  /** Those that it asks for: the room hears who holds them before the answer comes. */
  const asked = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  const followers = signal(0);
  /** The tool in hand, by id. */
  const tool = signal(/** @type {string|null} */ (null));
  /** Objects that are being changed here now. */
  const editing = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  const imageId = computed(() => image.value?.id ?? null);
  /** Of others on the opened image. */
  const here = computed(() => [...people.value.values()].filter((person) => person.image === imageId.value));
  /** Objects that others edit, or another page of the same person: who, null for that. */
  const taken = computed(() => {
    const own = (/** @type {string} */ id, /** @type {number} */ n) => mine.value.has(id) || (n === me.value && asked.value.has(id));
    const others = [...held.value].filter(([id, n]) => !own(id, n));
    return /** @type {ReadonlyMap<string, Person|null>} */ (new Map(others.map(([id, n]) => [id, people.value.get(n) ?? null])));
  });
  /** Who has an object of this image selected, or edits it, by its id. */
  const onObjects = computed(() => {
    const found = /** @type {Map<string, Array<{person: Person|null, edits: boolean}>>} */ (new Map());
    for (const [id, person] of taken.value) found.set(id, [{ person, edits: true }]);
    for (const person of here.value) {
      const on = person.object === null ? null : found.get(person.object) ?? [];
      if (on && !on.some((each) => each.person?.n === person.n)) found.set(/** @type {string} */ (person.object), [...on, { person, edits: false }]);
    }
    return /** @type {ReadonlyMap<string, ReadonlyArray<{person: Person|null, edits: boolean}>>} */ (found);
  });
  /** @type {Set<(n: number, at: number[]) => void>} */
  const watchers = new Set();
  let pointer = /** @type {() => {x: number, y: number}|null} */ (() => null);
  let moved = -Infinity;
  let following = /** @type {number|null} */ (null);
  let looked = 0;
  let untold = false; // what is in hand, since nobody is there
  let again = /** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined);

  const arrival = paced(SAY_MS, clock, () => void arrive());
  const pointing = paced(POINT_MS, clock, (/** @type {{x: number, y: number}|null} */ place) => {
    socket.mention("point", { at: place && [tenths(place.x), tenths(place.y)] });
  });
  const viewing = paced(VIEW_MS, clock, (/** @type {number[]} */ at) => {
    if (followers.peek()) socket.mention("view", { at: at.map(tenths) });
  });
  const holding = paced(SAY_MS, clock, () => void hold());

  /** Says where one is; learns who else is there. */
  async function arrive() {
    const where = imageId.peek();
    if (!socket.connected || where === null) return;
    untold = false;
    const answer = await socket.say("here", { image: where, object: object.peek(), tool: tool.peek() }).catch(() => null);
    if (!answer || where !== imageId.peek()) return; // it is said again
    batch(() => {
      me.value = answer.me;
      renew(people, answer.people.filter((/** @type {Person} */ { n }) => n !== answer.me).map((/** @type {Person} */ each) => [each.n, each]));
      renew(held, Object.entries(answer.held));
      followers.value = answer.followers;
    });
  }

  /** Says what is being edited. */
  async function hold() {
    if (!socket.connected || !edits) return;
    const wanted = wantedNow();
    if (!wanted.length && !mine.peek().size) return;
    clearTimeout(again);
    if (wanted.length) again = setTimeout(() => void hold(), HOLD_MS);
    const where = imageId.peek();
    const asking = (asked.value = new Set(wanted));
    const answer = await socket.say("hold", { objects: wanted }).catch(() => null);
    batch(() => {
      if (answer && where === imageId.peek()) mine.value = new Set(answer.mine);
      if (asked.peek() === asking) asked.value = new Set();
    });
  }

  /** What is held stays so until it is saved. */
  function wantedNow() {
    const resting = clock() - moved > RESTING_MS; // before the first move too
    const kept = [...mine.peek()].filter((id) => waiting.peek().has(id));
    return [...new Set([...(resting ? [] : editing.peek()), ...kept])].slice(0, 50);
  }

  function gone() {
    batch(() => {
      people.value = cursors.value = held.value = new Map();
      mine.value = new Set();
      lookings.value = [];
      followers.value = 0;
      me.value = null;
    });
  }

  /** @param {Person|null} person @param {number} x @param {number} y */
  function show(person, x, y) {
    const looking = { key: (looked += 1), person, x, y };
    lookings.value = [...lookings.peek(), looking];
    setTimeout(() => (lookings.value = lookings.peek().filter((each) => each !== looking)), LOOK_MS);
  }

  /** @param {number} n @param {Cursor|null} cursor */
  function moveCursor(n, cursor) {
    const next = new Map(cursors.peek());
    if (cursor) next.set(n, cursor);
    else if (!next.delete(n)) return;
    cursors.value = next;
  }

  const stops = [
    socket.on("connect", () => {
      void arrive().then(hold);
      if (following !== null) void socket.say("follow", { person: following }).catch(() => {});
    }),
    socket.on("disconnect", gone),
    socket.on("person:here", (person) => {
      if (person.n === me.peek()) return;
      if (person.image !== imageId.peek()) moveCursor(person.n, null);
      if (untold) arrival.soon();
      people.value = new Map(people.peek()).set(person.n, person);
    }),
    socket.on("person:left", ({ n }) => {
      const left = new Map(people.peek());
      if (!left.delete(n)) return;
      batch(() => {
        people.value = left;
        moveCursor(n, null);
      });
    }),
    socket.on("cursors", ({ at }) => {
      const next = new Map(cursors.peek());
      const now = clock();
      for (const [n, x, y] of at) {
        if (people.peek().get(n)?.image !== imageId.peek()) continue; // one's own, or of the image that was left
        if (x === undefined) next.delete(n);
        else next.set(n, { x, y, at: now });
      }
      cursors.value = next;
    }),
    socket.on("person:look", ({ n, at: [x, y] }) => {
      const person = people.peek().get(n);
      if (person?.image === imageId.peek()) show(person, x, y);
    }),
    socket.on("person:view", ({ n, at }) => watchers.forEach((watch) => watch(n, at))),
    socket.on("held", (news) => void (held.value = new Map(Object.entries(news.held)))),
    socket.on("followed", (news) => void (followers.value = news.followers)),
    effect(() => {
      void imageId.value;
      batch(() => {
        cursors.value = held.value = new Map();
        mine.value = new Set();
        lookings.value = [];
      });
      arrival.now();
    }),
    effect(() => {
      void [object.value, tool.value];
      untold = true;
      if (people.peek().size) arrival.soon();
    }),
    effect(() => {
      void [editing.value, waiting.value];
      holding.soon();
    }),
  ];
  return {
    people,
    me,
    here,
    cursors,
    lookings,
    taken,
    onObjects,
    followers,
    tool,
    /** Where this person's pointer is; null: it is not on the image. */
    pointer: () => pointer(),
    editing,
    /** The pointer has moved. @param {() => {x: number, y: number}|null} where  in the image frame; null: it has left. Asked only if somebody sees it */
    point(where) {
      const rested = clock() - moved > RESTING_MS;
      moved = clock();
      if (rested) holding.soon();
      pointer = where;
      if (here.peek().length) pointing.soon(where());
    },
    /** How long this person's pointer has not moved, milliseconds. */
    restMs: () => clock() - moved,
    /** Has others look at a place. @param {{x: number, y: number}} place  image frame */
    look({ x, y }) {
      show(null, x, y);
      void socket.say("look", { at: [tenths(x), tenths(y)] }).catch(() => {});
    },
    /** Has somebody's view told. @param {number|null} n */
    follow(n) {
      following = n;
      if (socket.connected) void socket.say("follow", { person: n }).catch(() => {});
    },
    /** Tells followers what is on screen: the middle, and image pixels along the shorter side. @param {[number, number, number]} at */
    view: (at) => viewing.soon(at),
    /** @param {(n: number, at: number[]) => void} watch  told the view of who is followed @returns {() => void} stops it */
    onView(watch) {
      watchers.add(watch);
      return () => void watchers.delete(watch);
    },
    close() {
      clearTimeout(again);
      for (const each of [arrival, pointing, viewing, holding]) each.stop();
      for (const stop of stops) stop();
    },
  };
}

/**
 * Rows are drawn anew only where something is another than before.
 * @template K, V
 * @param {{value: ReadonlyMap<K, V>, peek: () => ReadonlyMap<K, V>}} kept @param {Array<[K, V]>} entries
 */
function renew(kept, entries) {
  if (JSON.stringify([...kept.peek()]) !== JSON.stringify(entries)) kept.value = new Map(entries);
}

const tenths = (/** @type {number} */ value) => Math.round(10 * value) / 10;

/**
 * Does it at once after a pause, and otherwise once each `ms` with what was said last.
 * @template T
 * @param {number} ms @param {() => number} clock @param {(said: T) => void} perform
 */
function paced(ms, clock, perform) {
  let timer = /** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined);
  let done = -Infinity;
  let latest = /** @type {T} */ (/** @type {unknown} */ (undefined));
  const act = () => {
    timer = undefined;
    done = clock();
    perform(latest);
  };
  return {
    /** @param {T} [said] */
    soon(said) {
      latest = /** @type {T} */ (said);
      timer ??= setTimeout(act, Math.max(0, done + ms - clock()));
    },
    now() {
      clearTimeout(timer);
      act();
    },
    stop: () => clearTimeout(timer),
  };
}
