/**
 * Every change on its way to the server: written down before it is sent, sent in order, kept until the server has it, also
 * over a crash, a reload and hours offline. Knows no page and no list of objects.
 */

import { newId } from "../../core/ids.js";
import { computed, effect, signal } from "../../core/signals.js";
import { deliver, isBarring } from "./delivery.js";
import { PASSING, createNotebook } from "./notebook.js";
import { agreed, joined, joinedAgainst, rewritten } from "./pending.js";
import { statesOf, summaryOf } from "./standing.js";
import { createTabs } from "./tabs.js";
import { FIRST_WAIT_MS, LONGEST_WAIT_MS, createTroubles } from "./troubles.js";

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("./pending.js").Pending} Pending */
/** @typedef {{pending: Pending, theirs: Annotation|null}} Conflict  theirs: null when it was deleted there */
/** @typedef {import("./standing.js").Saving} Saving */
/** @typedef {import("./standing.js").Summary} Summary */
/** @typedef {ReturnType<typeof createOutbox>} Outbox */

const INVALID = Object.freeze([400, 413, 422]); // never taken so, however often it was sent
const NO_WAY = Object.freeze([0, 401, 429, 502, 503, 504]); // nothing gets through, whatever is sent

/**
 * @param {object} room
 * @param {import("../../net/api.js").Api} room.api
 * @param {import("./notebook.js").Store} [room.store]  without it changes live as long as the page, as they do where none is sent
 * @param {(pending: Pending, saved: Annotation|null) => void} room.onDelivered
 * @param {boolean} [room.sends]  false: changes stay in this page, and none is missed when it is closed
 * @param {string} [room.tab]  of this page
 * @param {import("./tabs.js").Tabs} [room.tabs]
 */
export function createOutbox({ api, store: lasting = PASSING, onDelivered, sends = true, tab = newId(), tabs = createTabs(tab) }) {
  const store = sends ? lasting : PASSING;
  /** This page's changes in their order, and those of pages that were closed. */
  const waiting = signal(/** @type {readonly Pending[]} */ ([]));
  /** Changes that met others, by their keys: what waits may change while it is asked about. */
  const clashed = signal(/** @type {ReadonlyMap<string, Annotation|null>} */ (new Map()));
  const conflicts = computed(() =>
    [...clashed.value].flatMap(([key, theirs]) => {
      const pending = waiting.value.find((each) => each.key === key);
      return pending ? [/** @type {Conflict} */ ({ pending, theirs })] : [];
    }),
  );
  /** With a change that is held back wait the later ones of its object; others go on. */
  const troubles = createTroubles(() => void send());
  /** Why nothing can be sent at present; status: of the answer, 0 when there was none. */
  const interrupted = signal(/** @type {{message: string, status: number}|null} */ (null));
  /** What the project is closed with to whose changes these are, as the server said last. */
  const barred = signal("");
  const notebook = createNotebook(store, waiting.peek.bind(waiting));
  /** Sent at least once: the server may have them, so nothing is joined to them. */
  const tried = /** @type {Set<string>} */ (new Set());
  /** Versions after what was delivered from here. @type {Map<string, number>} */
  const versions = new Map();
  let last = 0;
  let wait = FIRST_WAIT_MS;
  let timer = /** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined);
  let sending = /** @type {Promise<void>|null} */ (null);

  /** @param {readonly Pending[]} next @param {readonly Pending[]} changed @param {readonly string[]} [removed] */
  function hold(next, changed, removed = []) {
    waiting.value = next;
    notebook.write(changed, removed);
  }

  /** @param {Omit<Pending, 'key'|'seq'|'tab'>} change @returns {string} key of the change that says it */
  function put(change) {
    last = Math.max(last + 1, Date.now() * 1000);
    /** @type {Pending} */
    const pending = { ...change, version: Math.max(change.version, versions.get(change.of) ?? 0), key: newId(), seq: last, tab };
    const list = waiting.peek();
    const before = list.findLast(({ of, kind }) => of === pending.of && (kind === "state") === (pending.kind === "state"));
    if (before && !tried.has(before.key)) {
      if (before.kind === "create" && pending.kind === "delete") {
        hold(list.filter((each) => each !== before), [], [before.key]); // the server need not hear of it
        return before.key;
      }
      const theirs = clashed.peek().get(before.key);
      const both = theirs === undefined ? joined(before, pending) : joinedAgainst(before, pending, theirs);
      if (both) {
        troubles.accept(before.key);
        hold(list.map((each) => (each === before ? both : each)), [both]);
        if (theirs !== undefined && agreed(both, theirs)) delivered(both, theirs);
        void send();
        return both.key;
      }
    }
    hold([...list, pending], [pending]);
    void send();
    return pending.key;
  }

  /** The first that nothing holds back. */
  function next() {
    const held = new Set(conflicts.peek().map(({ pending }) => pending.of));
    for (const { key, of } of waiting.peek()) if (troubles.found.peek().has(key)) held.add(of);
    return waiting.peek().find(({ of }) => !held.has(of));
  }

  /** @param {Pending} pending @param {Annotation|null} saved @param {number} [version] */
  function delivered(pending, saved, version = saved?.version) {
    if (version) versions.set(pending.of, version);
    else versions.delete(pending.of);
    troubles.forget(pending.key);
    barred.value = "";
    unclash(pending.key);
    const left = waiting.peek().filter(({ key }) => key !== pending.key);
    const undone = left.filter(({ of, kind }) => pending.kind === "delete" && kind === "create" && of === pending.of);
    const known = undone.map((each) => ({ ...each, version: Math.max(each.version, version ?? 0) })); // also after a reload
    hold(left.map((each) => known.find(({ key }) => key === each.key) ?? each), known, [pending.key]);
    onDelivered(pending, saved);
  }

  /**
   * Resolves when the server has it; rejects when it is refused, and then it is given up.
   * @param {string} project @param {string} image @param {import("../../core/types.js").ImageState} state
   * @returns {Promise<any>}
   */
  async function putState(project, image, state) {
    const nothing = { version: 0, annotation: null, fields: [], before: {} };
    const key = put({ ...nothing, kind: "state", project, image, of: image, state });
    await new Promise((resolve, reject) => {
      const stop = effect(() => {
        const trouble = troubles.found.value.get(key);
        if (waiting.value.some((each) => each.key === key) && trouble?.timer !== null) return;
        queueMicrotask(() => {
          stop();
          if (!trouble) return resolve(undefined);
          drop((each) => each.key === key);
          reject(new Error(trouble.message));
        });
      });
    });
  }

  /** @param {Pending} pending @param {Annotation|null} theirs @param {number} [version]  of the deletion */
  function collided(pending, theirs, version = pending.version) {
    const later = waiting.peek().filter((each) => each.of === pending.of && each.key !== pending.key && each.kind !== "state");
    const all = later.reduce((sum, each) => joinedAgainst(sum, each, theirs) ?? sum, { ...pending, version });
    const gone = later.map(({ key }) => key);
    tried.delete(all.key); // it was not taken: what is changed now joins it
    const rest = waiting.peek().filter(({ key }) => !gone.includes(key));
    hold(rest.map((each) => (each.key === all.key ? all : each)), [all], gone);
    if (agreed(all, theirs)) delivered(all, theirs);
    else clashed.value = new Map(clashed.peek()).set(all.key, theirs);
  }

  /** @param {string} key */
  function unclash(key) {
    const left = new Map(clashed.peek());
    if (left.delete(key)) clashed.value = left;
  }

  /** Gives up what another page sends, which took this one for gone. @param {Pending} pending */
  async function leaveTaken({ key }) {
    const owner = await store.tabOf(key);
    if (owner && owner !== tab) waiting.value = waiting.peek().filter((each) => each.key !== key);
  }

  async function sendAll() {
    for (let pending = next(); pending; pending = next()) {
      await notebook.written(); // before it is sent
      await leaveTaken(pending);
      const now = waiting.peek().find(({ key }) => key === pending?.key);
      if (!now) continue;
      const again = tried.has(now.key);
      tried.add(now.key);
      try {
        const answer = await deliver(api, now, Math.max(now.version, versions.get(now.of) ?? 0), again);
        if ("clash" in answer) collided(now, answer.clash, answer.version);
        else delivered(now, answer.saved, answer.version);
      } catch (error) {
        const { message, status = 500 } = /** @type {Error & {status?: number}} */ (error); // without one: a fault in this page
        if (NO_WAY.includes(status)) {
          interrupted.value = { message, status };
          timer = setTimeout(() => void send(), wait);
          wait = Math.min(LONGEST_WAIT_MS, wait * 2);
          return;
        }
        if (status < 500 && (!again || INVALID.includes(status))) tried.delete(now.key); // what is changed now joins it, and may mend it
        if (isBarring(error)) barred.value = message;
        troubles.holdBack(now.key, message, status >= 500);
      }
      interrupted.value = null;
      wait = FIRST_WAIT_MS;
    }
  }

  /** Sends what can be sent, this page or another at a time. */
  async function send() {
    if (!sends || sending || !next()) return; // the turn under way may just have set the timer of the next attempt
    clearTimeout(timer);
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
        const left = await store.claim(other, tab);
        for (const { key } of left) tried.add(key); // perhaps it was
        waiting.value = [...left, ...waiting.peek()].sort((a, b) => a.seq - b.seq);
        void send();
      });
    }
  }

  /** Tries again what failed. @param {string} [of] only of that annotation */
  function retry(of) {
    for (const each of waiting.peek()) if (of === undefined || each.of === of) troubles.accept(each.key);
    wait = FIRST_WAIT_MS;
    void send();
  }

  /** Gives changes up. @param {(pending: Pending) => boolean} which */
  function drop(which) {
    hold(waiting.peek().filter((each) => !which(each)), [], waiting.peek().filter(which).map(({ key }) => key));
  }

  /**
   * What a conflict came to: the change as it is to be sent after all, or null when it is given up.
   * @param {Conflict} conflict @param {Pending|null} change
   */
  function settle(conflict, change) {
    unclash(conflict.pending.key);
    if (!change) drop(({ of, kind }) => of === conflict.pending.of && kind !== "state");
    else {
      versions.delete(change.of);
      hold(waiting.peek().map((each) => (each.key === change.key ? change : each)), [change]);
    }
    void send();
  }

  /** Objects as they wait, after something that is no change of theirs, as a label's new name. @param {(annotation: Annotation) => Annotation} change */
  function rewrite(change) {
    const before = new Set(waiting.peek());
    const next = waiting.peek().map((each) => rewritten(each, change));
    const changed = next.filter((each) => !before.has(each));
    if (changed.length) hold(next, changed);
    if (clashed.peek().size) clashed.value = new Map([...clashed.peek()].map(([key, theirs]) => [key, theirs && change(theirs)]));
  }

  const standing = { waiting, conflicts, troubles: troubles.found, interrupted, unwritten: notebook.unwritten, blocked: notebook.blocked };
  const states = computed(() => (sends ? statesOf(standing, retry) : new Map()));

  return {
    waiting,
    conflicts,
    /** By annotation, of those whose last change the server has not confirmed. */
    states,
    summary: computed(() => summaryOf(standing, states.value)),
    /** Whether closing the page would lose something. */
    losing: notebook.unwritten,
    barred,
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
    /** Nothing is put here any more: what cannot be sent now is left to the browser's other outboxes, or its next page. */
    async close() {
      await sending;
      clearTimeout(timer);
      tabs.leave();
    },
    retry,
    settle,
    /** What waits for an image, of every page of this browser. @param {string} project @param {string} image */
    async ofImage(project, image) {
      const mine = waiting.peek();
      const stored = (await store.all()).filter(({ key }) => !mine.some((each) => each.key === key));
      const all = [...stored, ...mine].sort((a, b) => a.seq - b.seq);
      return all.filter((each) => each.project === project && each.image === image);
    },
    versionOf: (/** @type {string} */ of) => versions.get(of) ?? 0, // that the server took from here last, of its deletion too
    /** What waits here, of one annotation. @param {string} of */
    about: (of) => waiting.peek().filter((each) => each.of === of && each.kind !== "state"),
  };
}
