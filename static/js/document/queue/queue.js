/**
 * The images that are worked through: those of the project that the page's address filters, in its order; where the
 * opened one stands among them, and its state.
 */

import { OPEN_STATES } from "../../core/image-states.js";
import { sentenceOf } from "../../core/errors.js";
import { batch, computed, effect, signal, untracked } from "../../core/signals.js";
import { online } from "../../core/state.js";
import { t } from "../../core/text.js";
import { readSelection } from "./image-selection.js";

/** @typedef {import("../../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../../core/types.js").ImageState} ImageState */
/** @typedef {{position: number, total: number, images: ImageInfo[], at: number}} Standing  at: of the opened one in images */
/** @typedef {{text: string, retry: (() => void)|null}} Notice */
/** @typedef {ReturnType<typeof createQueue>} Queue */

const EACH_WAY = 20; // images around the opened one that are known

/**
 * @param {object} parts
 * @param {Pick<import("../../net/api.js").Api, 'queue'|'setImageState'|'takeImage'|'giveBack'>} parts.api  setImageState may take until the server can be reached
 * @param {Pick<import("../../net/socket.js").Live, 'on'>} parts.socket
 * @param {{id: string, name: string, image_count: number}} parts.project
 * @param {import("../../core/signals.js").Signal<ImageInfo|null>} parts.image  the opened one
 * @param {string} parts.search  query of the page's address
 * @param {string} [parts.self]  id of the account of whoever works; empty where there are none
 * @param {() => string} parts.segmenterId  what the next images are encoded with
 * @param {(image: ImageInfo) => Promise<void>} parts.open
 */
export function createQueue({ api, socket, project, image, search, self = "", segmenterId, open }) {
  const { id: projectId } = project;
  const selection = readSelection(search);
  /** Whether it is one's own images, after which the common queue gives more. */
  const own = self !== "" && selection.assigned === self;
  /** Null until it is known. */
  const standing = signal(/** @type {Standing|null} */ (null));
  /** Of the opened image. */
  const state = signal(/** @type {ImageState} */ ("new"));
  /** What a person has to be told that is not to be seen. */
  const notice = signal(/** @type {Notice|null} */ (null));
  const previous = computed(() => neighbour(standing.value, -1));
  const next = computed(() => neighbour(standing.value, 1));
  const openedId = computed(() => image.value?.id ?? null);
  /** States on their way to the server. */
  let saving = Promise.resolve();
  /** How many of them there are for an image. @type {Map<string, number>} */
  const underway = new Map();

  async function refresh() {
    const id = openedId.peek();
    if (id === null) return;
    await saving;
    try {
      const asked = { ...selection, after: id, images: EACH_WAY, segmenter: segmenterId() };
      const { position, total, images = [] } = await api.queue(projectId, asked);
      if (openedId.peek() !== id) return;
      const at = images.findIndex((each) => each.id === id);
      batch(() => {
        standing.value = { position, total, images, at };
        state.value = images[at]?.state ?? state.peek();
      });
    } catch {
      // Without the server there is nothing to go to either; asked again once it is back.
    }
  }

  effect(() => {
    const id = openedId.value;
    const reachable = online.value;
    if (id === null) return;
    untracked(() => {
      arrive(id); // offline too: where one is, and what comes next, is known
      if (reachable) void refresh();
    });
  });

  /** Until the server has said it: what the images around the one before tell. @param {string} id */
  function arrive(id) {
    const before = standing.peek();
    const at = before?.images.findIndex((each) => each.id === id) ?? -1;
    batch(() => {
      state.value = before?.images[at]?.state ?? image.peek()?.state ?? "new";
      if (!before) return;
      standing.value = at < 0 ? null : { ...before, at, position: before.position + at - before.at };
    });
  }

  socket.on("image:changed", ({ image: id, project: where, state: changed, changed_since_review: since }) => {
    if (where === projectId && since) void refresh();
    // What this page has asked for since is newer than an answer to what it asked before.
    if (where === projectId && changed && !underway.has(id)) know(id, changed);
  });

  socket.on("images:changed", ({ images, project: where, state: changed }) => {
    if (where !== projectId) return;
    batch(() => {
      for (const id of images) if (!underway.has(id)) know(id, changed);
    });
  });

  socket.on("assignments:changed", ({ images, project: where }) => {
    const known = standing.peek()?.images ?? [];
    if (where === projectId && (own || known.some(({ id }) => images.includes(id)))) void refresh();
  });

  /** @param {string} id @param {ImageState} changed */
  function know(id, changed) {
    batch(() => {
      if (id === openedId.peek()) state.value = changed;
      const now = standing.peek();
      if (!now) return;
      const images = now.images.map((each) => (each.id === id ? { ...each, state: changed } : each));
      standing.value = { ...now, images };
    });
  }

  /** @param {string} id @param {ImageState} wanted */
  function setState(id, wanted) {
    const before = standing.peek()?.images.find((each) => each.id === id)?.state ?? state.peek();
    know(id, wanted);
    underway.set(id, (underway.get(id) ?? 0) + 1);
    const saved = api.setImageState(projectId, id, wanted).then(
      () => left(id),
      (error) => {
        left(id);
        if (underway.has(id)) return; // a later one is on its way
        know(id, before);
        notice.value = { text: error.message, retry: () => setState(id, wanted) };
      },
    );
    saving = Promise.all([saving, saved]).then(() => {});
  }

  /** @param {string} id */
  function left(id) {
    const others = (underway.get(id) ?? 1) - 1;
    if (others) underway.set(id, others);
    else underway.delete(id);
  }

  /** The opened one stays as it is. @param {ImageInfo|null} target @returns {boolean} whether there is one */
  function go(target) {
    if (target && target.id !== openedId.peek()) open(target).catch(() => {}); // the progress line says why
    return target !== null;
  }

  /** Out of the common queue: it becomes one's own. */
  async function take() {
    try {
      await saving; // what is done does not count as one's own work any more
      const { image: taken } = await api.takeImage(projectId, openedId.peek() ?? undefined);
      if (taken) go(taken);
      else notice.value = { text: t("No images are left in the queue."), retry: null };
    } catch (error) {
      notice.value = { text: sentenceOf(error), retry: () => void take() };
    }
  }

  /** The next of one's own that work is left on, behind the opened one or before it. */
  function nextOpen() {
    const { images = [], at = -1 } = standing.peek() ?? {};
    return [...images.slice(at + 1), ...images.slice(0, Math.max(0, at))].find(({ state: how = "new" }) => OPEN_STATES.includes(how)) ?? null;
  }

  /** After the opened one is done, or not one's own any more. @returns {boolean} whether something comes */
  function onward(target = next.peek()) {
    if (!own) return go(target);
    if (!go(nextOpen())) void take();
    return true;
  }

  return {
    project,
    selection,
    own,
    standing,
    state,
    notice,
    previous,
    next,
    /** Asks what is there by now. */
    refresh,
    go,
    take,
    onward,
    know,
    /** Whether the opened image is one's own to work on. */
    isMine: computed(() => {
      const opened = standing.value?.images[standing.value.at];
      return self !== "" && !!opened?.assigned?.some(({ account }) => account === self);
    }),
    /** The opened image is nobody's again, and one goes on. */
    async giveBack() {
      const id = openedId.peek();
      if (id === null) return;
      try {
        await api.giveBack(projectId, [id]);
        if (openedId.peek() === id) onward();
      } catch (error) {
        notice.value = { text: sentenceOf(error), retry: null };
      }
    },
    /** @param {ImageState} wanted of the opened image */
    mark(wanted) {
      const id = openedId.peek();
      if (id !== null) setState(id, wanted);
    },
  };
}

/** @param {Standing|null} standing @param {number} step @returns {ImageInfo|null} */
function neighbour(standing, step) {
  return standing?.images[standing.at + step] ?? null;
}
