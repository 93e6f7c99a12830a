/**
 * Every change on its way to the server: written down before it is sent, sent in order, kept until the server has it, also
 * over a crash, a reload and hours offline. Knows no page and no list of objects.
 */

import { newId } from "../core/ids.js";
import { computed, effect, signal } from "../core/signals.js";
import { deliver } from "./delivery.js";
import { joined } from "./pending.js";
import { statesOf, summaryOf } from "./standing.js";
import { createTabs } from "./tabs.js";

/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("./pending.js").Pending} Pending */
/** @typedef {{pending: Pending, theirs: Annotation|null}} Conflict  theirs: null when it was deleted there */
/** @typedef {import("./standing.js").Saving} Saving */
/** @typedef {import("./standing.js").Summary} Summary */
/** @typedef {ReturnType<typeof createOutbox>} Outbox */

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** Worth sending again by itself. @param {unknown} error */
function isPassing(error) {
  const status = /** @type {{status?: number}} */ (error).status ?? 0;
  return status === 0 || status === 429 || status >= 500;
}

/**
 * @param {object} room
 * @param {import("../net/api.js").Api} room.api
 * @param {import("../net/outbox-store.js").OutboxStore<Pending>} room.store
 * @param {(pending: Pending, saved: Annotation|null) => void} room.onDelivered
 * @param {string} [room.tab]  of this page
 * @param {import("./tabs.js").Tabs} [room.tabs]
 */
export function createOutbox({ api, store, onDelivered, tab = newId(), tabs = createTabs(tab) }) {
  /** This page's changes in their order, and those of pages that were closed. */
  const waiting = signal(/** @type {readonly Pending[]} */ ([]));
  const conflicts = signal(/** @type {readonly Conflict[]} */ ([]));
  /** What the server refused, by key. */
  const refused = signal(/** @type {ReadonlyMap<string, string>} */ (new Map()));
  /** Why nothing can be sent at present. */
  const interrupted = signal("");
  /** Changes that this browser has not written down (yet). */
  const unwritten = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  /** Whether the browser has refused to write down. */
  const blocked = signal(false);
  /** Sent at least once: the server may have them, so nothing is joined to them. */
  const tried = /** @type {Set<string>} */ (new Set());
  /** Versions after what was delivered from here. @type {Map<string, number>} */
  const versions = new Map();
  let written = Promise.resolve();
  let last = 0;
  let wait = FIRST_WAIT_MS;
  let timer = /** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined);
  let sending = /** @type {Promise<void>|null} */ (null);

  /** @param {readonly Pending[]} changed @param {readonly string[]} removed */
  function write(changed, removed = []) {
    unwritten.value = new Set([...unwritten.peek(), ...changed.map(({ key }) => key)]);
    written = written.then(async () => {
      if (removed.length) await store.remove(removed);
      const kept = changed.length === 0 || (await store.put(changed));
      if (changed.length) blocked.value = !kept;
      const rest = new Set(unwritten.peek());
      for (const { key } of changed) if (kept) rest.delete(key);
      for (const key of removed) rest.delete(key);
      unwritten.value = rest;
    });
  }

  /** @param {readonly Pending[]} next @param {readonly Pending[]} changed @param {readonly string[]} [removed] */
  function hold(next, changed, removed = []) {
    waiting.value = next;
    write(changed, removed);
  }

  /** @param {Omit<Pending, 'key'|'seq'|'tab'>} change @returns {string} key of the change that says it */
  function put(change) {
    last = Math.max(last + 1, Date.now() * 1000);
    /** @type {Pending} */
    const pending = { ...change, key: newId(), seq: last, tab };
    const list = waiting.peek();
    const before = list.findLast(({ of, kind }) => of === pending.of && (kind === "state") === (pending.kind === "state"));
    if (before && !tried.has(before.key)) {
      if (before.kind === "create" && pending.kind === "delete") {
        hold(list.filter((each) => each !== before), [], [before.key]); // the server need not hear of it
        return before.key;
      }
      const both = joined(before, pending);
      if (both) {
        accept(before.key);
        hold(list.map((each) => (each === before ? both : each)), [both]);
        conflicts.value = conflicts.peek().map((each) => (each.pending === before ? { ...each, pending: both } : each));
        void send();
        return both.key;
      }
    }
    hold([...list, pending], [pending]);
    void send();
    return pending.key;
  }

  /** A refused change is worth another attempt. @param {string} key */
  function accept(key) {
    const left = new Map(refused.peek());
    if (left.delete(key)) refused.value = left;
  }

  /** The first that nothing holds back. */
  function next() {
    const held = new Set(conflicts.peek().map(({ pending }) => pending.of));
    for (const { key, of } of waiting.peek()) if (refused.peek().has(key)) held.add(of);
    return waiting.peek().find(({ of }) => !held.has(of));
  }

  /** @param {Pending} pending @param {Annotation|null} saved */
  function delivered(pending, saved) {
    if (saved) versions.set(pending.of, saved.version);
    else versions.delete(pending.of);
    hold(waiting.peek().filter(({ key }) => key !== pending.key), [], [pending.key]);
    onDelivered(pending, saved);
  }

  /**
   * Resolves when the server has it; rejects when it is refused, and then it is given up.
   * @param {string} project @param {string} image @param {import("../core/types.js").ImageState} state
   * @returns {Promise<any>}
   */
  async function putState(project, image, state) {
    const nothing = { version: 0, annotation: null, fields: [], before: {} };
    const key = put({ ...nothing, kind: "state", project, image, of: image, state });
    await new Promise((resolve, reject) => {
      const stop = effect(() => {
        const why = refused.value.get(key);
        if (waiting.value.some((each) => each.key === key) && why === undefined) return;
        queueMicrotask(() => {
          stop();
          if (why === undefined) return resolve(undefined);
          drop((each) => each.key === key);
          reject(new Error(why));
        });
      });
    });
  }

  /** @param {Pending} pending @param {Annotation|null} theirs */
  function collided(pending, theirs) {
    const later = waiting.peek().filter((each) => each.of === pending.of && each.key !== pending.key && each.kind === "change");
    const all = later.reduce((sum, each) => joined(sum, each) ?? sum, pending);
    const gone = later.map(({ key }) => key);
    tried.delete(all.key); // it was not taken: what is changed now joins it
    const rest = waiting.peek().filter(({ key }) => !gone.includes(key));
    hold(rest.map((each) => (each.key === all.key ? all : each)), [all], gone);
    conflicts.value = [...conflicts.peek(), { pending: all, theirs }];
  }

  async function sendAll() {
    for (let pending = next(); pending; pending = next()) {
      await written; // before it is sent
      const now = waiting.peek().find(({ key }) => key === pending?.key);
      if (!now) continue;
      tried.add(now.key);
      try {
        const answer = await deliver(api, now, Math.max(now.version, versions.get(now.of) ?? 0));
        if ("clash" in answer) collided(now, answer.clash);
        else delivered(now, answer.saved);
        interrupted.value = "";
        wait = FIRST_WAIT_MS;
      } catch (error) {
        const { message } = /** @type {Error} */ (error);
        if (!isPassing(error)) {
          tried.delete(now.key); // what is changed now joins it, and may mend it
          refused.value = new Map(refused.peek()).set(now.key, message);
          continue;
        }
        interrupted.value = message;
        timer = setTimeout(() => void send(), wait);
        wait = Math.min(LONGEST_WAIT_MS, wait * 2);
        return;
      }
    }
  }

  /** Sends what can be sent, this page or another at a time. */
  async function send() {
    clearTimeout(timer);
    if (sending || !next()) return;
    sending = tabs.mine(sendAll);
    try {
      await sending;
    } finally {
      sending = null;
    }
    if (next() && !interrupted.peek()) void send(); // put while the turn ended
  }

  /** Resolves when what was put by now was sent, or could not be. */
  async function idle() {
    await new Promise((resolve) => setTimeout(resolve)); // what is put at once with it
    await sending;
  }

  /** Takes over what pages left behind that are no more. */
  async function adopt() {
    const own = new Set(waiting.peek().map(({ key }) => key));
    const foreign = (await store.all()).filter((each) => each.tab !== tab && !own.has(each.key));
    for (const other of new Set(foreign.map((each) => each.tab))) {
      tabs.whenGone(other, async () => {
        const left = (await store.all()).filter((each) => each.tab === other);
        if (!left.length) return;
        for (const { key } of left) tried.add(key); // perhaps it was
        const mine = left.map((each) => ({ ...each, tab }));
        hold([...mine, ...waiting.peek()].sort((a, b) => a.seq - b.seq), mine);
        void send();
      });
    }
  }

  /** Tries again what failed. @param {string} [of] only of that annotation */
  function retry(of) {
    for (const each of waiting.peek()) if (of === undefined || each.of === of) accept(each.key);
    wait = FIRST_WAIT_MS;
    void send();
  }

  /** Gives changes up. @param {(pending: Pending) => boolean} which */
  function drop(which) {
    const gone = waiting.peek().filter(which);
    hold(waiting.peek().filter((each) => !gone.includes(each)), [], gone.map(({ key }) => key));
  }

  /**
   * What a conflict came to: the change as it is to be sent after all, or null when it is given up.
   * @param {Conflict} conflict @param {Pending|null} change
   */
  function settle(conflict, change) {
    conflicts.value = conflicts.peek().filter((each) => each.pending.of !== conflict.pending.of);
    if (!change) drop(({ of, kind }) => of === conflict.pending.of && kind !== "state");
    else {
      versions.delete(change.of);
      hold(waiting.peek().map((each) => (each.key === change.key ? change : each)), [change]);
    }
    void send();
  }

  /** Objects as they wait, after something that is no change of theirs, as a label's new name. @param {(annotation: Annotation) => Annotation} change */
  function rewrite(change) {
    /** @type {Pending[]} */
    const changed = [];
    const next = waiting.peek().map((each) => {
      const annotation = each.annotation && change(each.annotation);
      if (annotation === each.annotation) return each;
      const now = { ...each, annotation };
      changed.push(now);
      return now;
    });
    if (changed.length) hold(next, changed);
  }

  const standing = { waiting, conflicts, refused, interrupted, blocked };
  const states = computed(() => statesOf(standing, retry));

  return {
    waiting,
    conflicts,
    /** By annotation, of those whose last change the server has not confirmed. */
    states,
    summary: computed(() => summaryOf(standing, states.value)),
    /** Whether closing the page would lose something. */
    losing: computed(() => unwritten.value.size > 0),
    put,
    putState,
    rewrite,
    /** Sends at once what waits for its next attempt. */
    wake() {
      wait = FIRST_WAIT_MS;
      void send();
    },
    idle,
    adopt,
    retry,
    settle,
    /** What waits for an image, of every page of this browser. @param {string} project @param {string} image */
    async ofImage(project, image) {
      const mine = waiting.peek();
      const stored = (await store.all()).filter(({ key }) => !mine.some((each) => each.key === key));
      const all = [...stored, ...mine].sort((a, b) => a.seq - b.seq);
      return all.filter((each) => each.project === project && each.image === image);
    },
    /** What waits here, of one annotation. @param {string} of */
    about: (of) => waiting.peek().filter((each) => each.of === of && each.kind !== "state"),
  };
}
