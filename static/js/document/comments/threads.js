/**
 * The comments of the opened image: read, followed as others write, and sent. What cannot be sent is kept, said, and sent
 * once the server is there again; each has an id of its own, so that it is made once.
 */

import { batch, computed, effect, signal, untracked } from "../../core/signals.js";
import { sentenceOf } from "../../core/errors.js";
import { newId } from "../../core/ids.js";
import { keep, readKept } from "./kept.js";

/** @typedef {import("../../core/api-types.js").Thread} Thread */
/** @typedef {import("../../core/api-types.js").Comment} Comment */
/** @typedef {import("./kept.js").Waiting} Waiting */
/**
 * @typedef {Comment & {waiting?: {failure: string|null, delayed: boolean}}} ShownComment  waiting: the server does not have it;
 *   failure: why it refused it; delayed: it could not be reached
 */
/** @typedef {Omit<Thread, "comments"> & {comments: ShownComment[], n: number}} ShownThread  n: counts on the image */
/** @typedef {{x: number, y: number, annotation_id?: string}|null} Anchor  null: the whole image */
/** @typedef {ReturnType<typeof createThreads>} Threads */

const GATHER_MS = 60; // what is told at once is read once
const AGAIN_S = 10;
const OPEN = Object.freeze({ resolved_at: null, resolved_by: null });

/**
 * @param {object} parts
 * @param {Pick<import("../../net/api.js").Api, "comments"|"addComment"|"changeComment"|"deleteComment">} parts.api
 * @param {string} parts.project  id
 * @param {string|null} parts.self  id of the account
 * @param {import("../../core/signals.js").Signal<string|undefined>} parts.image  id of the opened one
 * @param {{readonly value: number}} parts.news  changes with what others write about it
 * @param {{readonly value: boolean}} parts.online
 */
export function createThreads({ api, project, self, image, news, online }) {
  const known = signal(/** @type {readonly Thread[]} */ ([]));
  const names = signal(/** @type {Readonly<Record<string, string>>} */ ({}));
  const failure = signal(/** @type {string|null} */ (null));
  /** Of this project, on whichever image. */
  const waiting = signal(/** @type {readonly Waiting[]} */ (readKept().waiting.filter((each) => each.project === project)));
  /** Whether sending is tried again in a while. */
  const delayed = signal(false);
  const refusals = signal(/** @type {ReadonlyMap<string, string>} */ (new Map()));
  /** Id of the image whose threads these are. */
  const loaded = signal(/** @type {string|undefined} */ (undefined));
  let turn = 0;
  let sending = false;
  let again = /** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined);

  async function load() {
    const mine = ++turn;
    const id = image.value;
    if (id === undefined) return;
    if (loaded.peek() !== id) known.value = [];
    try {
      const list = await api.comments(project, id);
      if (mine !== turn) return;
      batch(() => {
        names.value = list.names;
        known.value = list.threads;
        failure.value = null;
        loaded.value = id;
      });
    } catch (error) {
      if (mine === turn) failure.value = sentenceOf(error);
    }
  }

  const shown = computed(() => {
    const threads = known.value.filter((each) => each.image_id === image.value).map((each) => ({ ...each, comments: [...each.comments] }));
    for (const { id, image: on, created_at: at, comment } of waiting.value) {
      if (on !== image.value || threads.some((each) => each.comments.some((other) => other.id === id))) continue;
      const written = { ...asComment(comment, at), waiting: { failure: refusals.value.get(id) ?? null, delayed: !online.value || delayed.value } };
      const of = threads.find((each) => each.id === comment.thread);
      if (of) of.comments.push(written);
      else threads.push({ ...OPEN, id, image_id: on, x: comment.x ?? null, y: comment.y ?? null, annotation_id: comment.annotation_id ?? null, comments: [written] });
    }
    return /** @type {ShownThread[]} */ (threads.map((each, i) => ({ ...each, n: i + 1 })));
  });

  /** @param {Waiting["comment"]} comment @param {string} at  when it was written @returns {Comment} */
  function asComment({ id, text }, at) {
    return { id, text, created_by: self, created_at: at, edited_at: null, deleted: false };
  }

  /** @param {Thread} thread */
  function put(thread) {
    if (thread.image_id !== image.peek()) return;
    const others = known.peek();
    const is = others.some(({ id }) => id === thread.id);
    known.value = is ? others.map((each) => (each.id === thread.id ? thread : each)) : [...others, thread];
  }

  /** Changes what waits, here and where other pages of the browser keep theirs too. @param {(waiting: readonly Waiting[]) => readonly Waiting[]} change */
  function wait(change) {
    waiting.value = change(waiting.peek());
    keep((kept) => ({ ...kept, waiting: change(kept.waiting) }));
  }

  /** @param {string} id */
  function forget(id) {
    wait((all) => all.filter((each) => each.id !== id));
  }

  /** Sends what waits, one after the other, until the server is out of reach. */
  async function deliver() {
    if (sending) return;
    sending = true;
    try {
      for (let next; (next = waiting.peek().find(({ id }) => !refusals.peek().has(id))); ) {
        const { id, image: on, comment } = next;
        try {
          const thread = await api.addComment(project, on, comment);
          put(thread);
          forget(id);
          delayed.value = false;
        } catch (error) {
          const { status, retryAfterS } = /** @type {import("../../core/errors.js").ApiError} */ (error);
          if (!(status >= 400 && status < 500) || status === 401 || status === 429) {
            delayed.value = true;
            clearTimeout(again);
            again = setTimeout(() => void deliver(), 1000 * (retryAfterS ?? AGAIN_S));
            break;
          }
          refusals.value = new Map([...refusals.peek(), [id, sentenceOf(error)]]);
        }
      }
    } finally {
      sending = false;
    }
  }

  let heard = /** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined);
  const stops = [
    effect(() => {
      void image.value;
      untracked(() => void load());
    }),
    effect(() => {
      if (!news.value) return;
      clearTimeout(heard);
      heard = setTimeout(() => void load(), GATHER_MS);
    }),
    effect(() => {
      if (online.value) untracked(() => void deliver());
    }),
  ];

  return {
    shown,
    /** Whether they are those of the opened image. */
    isLoaded: computed(() => loaded.value !== undefined && loaded.value === image.value),
    failure,
    load,
    /** Of who wrote and who is mentioned; empty until it is known. @param {string|null} id */
    nameOf: (id) => (id ? (names.value[id] ?? "") : ""),

    /** A comment, at once shown and sent as soon as can be. Its id. @param {string} text @param {{thread: string}|{at: Anchor}} where */
    add(text, where) {
      const id = newId();
      const comment = "thread" in where ? { id, text, thread: where.thread } : { id, text, ...where.at };
      const written = { id, project, image: image.peek() ?? "", created_at: new Date().toISOString(), comment };
      wait((all) => [...all, written]); // here, and where it is kept
      void deliver();
      return id;
    },
    /** Gives up what the server refused. Its text. @param {string} id */
    discard(id) {
      const found = waiting.peek().find((each) => each.id === id);
      forget(id);
      return found?.comment.text ?? "";
    },
    /** @param {string} id @param {string} text */
    edit: async (id, text) => put(await api.changeComment(project, id, { text })),
    /** @param {string} id @param {boolean} resolved */
    resolve: async (id, resolved) => put(await api.changeComment(project, id, { resolved })),
    /** @param {string} id */
    async remove(id) {
      await api.deleteComment(project, id);
      await load();
    },
    close() {
      clearTimeout(again);
      clearTimeout(heard);
      stops.forEach((stop) => stop());
    },
  };
}
