/**
 * One click to masks, wherever they are computed: this browser's worker or the server; and with which segmenter. The only
 * door of this room; callers never learn which backend answered except by `Decoded.where`. One engine serves every document
 * of the page: each has a slot of its own.
 */

import { SamphireError } from "../core/errors.js";
import { signal } from "../core/signals.js";
import { IDLE, update } from "../core/state.js";
import { createEmbeddingCache } from "../net/embedding-cache.js";
import { createBackends } from "./backends.js";
import { createEmbeddingSource } from "./embedding-source.js";
import { createGraphSource } from "./graphs.js";
import { firstSegmenter, rememberSegmenter } from "./remembered.js";
import { RequestQueue } from "./request-queue.js";
import { createSlot } from "./slot.js";

/** @typedef {import("../core/types.js").Decoded} Decoded */
/** @typedef {import("../core/types.js").Segmenters} Segmenters */
/** @typedef {import("../core/types.js").Where} Where */
/** @typedef {import("./slot.js").Slot} Slot */
/** @typedef {import("./backends.js").Opened} Opened */
/** @typedef {ReturnType<typeof createEngine>} Engine */

/**
 * @param {object} parts
 * @param {import("../net/api.js").Api} parts.api
 * @param {import("../net/socket.js").Live} parts.socket
 * @param {Pick<import("../core/types.js").Boot, 'version'|'segmenters'|'segmenter'>} parts.boot
 * @param {import("../core/signals.js").Signal<import("../core/types.js").Status>} parts.status
 * @param {string} parts.search  of the page's address
 */
export function createEngine({ api, socket, boot, status, search }) {
  const inUse = firstSegmenter(boot.segmenters, boot.segmenter, search);
  /** Which there are, and which makes the masks. */
  const segmenters = signal(/** @type {Segmenters} */ ({ installed: boot.segmenters, inUse, next: null, failure: null, decodeMs: {} }));
  const source = createEmbeddingSource({ api, socket, cache: createEmbeddingCache() });
  /** @type {Set<Slot>} */
  const slots = new Set();
  let settled = inUse.weights; // what the backends were told
  let askedAt = -Infinity;

  const graphs = createGraphSource({
    api,
    onProgress(segmenter, bytes, totalBytes) {
      const { inUse, next } = segmenters.peek();
      if (segmenter.weights !== (next ?? inUse).weights) return;
      const change = { bytes, totalBytes, fraction: totalBytes && bytes < totalBytes ? bytes / totalBytes : null };
      for (const { work } of slots) if (work.peek().phase === "loading-decoder") update(work, change);
    },
  });
  const backends = createBackends({ socket, version: boot.version, status, segmenters, forced: forcedByAddress(search), graphs });

  /** @type {RequestQueue<{prompt: import("../core/types.js").Prompt, image: Opened}, Decoded>} */
  const queue = new RequestQueue(async ({ prompt, image }) => {
    askedAt = performance.now();
    return { ...(await backends.decode(image, prompt)), segmenter: image.segmenter };
  });

  /** A segmenter takes over in all slots at once: the masks of a page are one segmenter's. @param {Slot} slot */
  function arrived(slot) {
    if (!segmenters.peek().next) return settle([slot]);
    const open = [...slots].filter(({ opened }) => opened);
    if (open.every(({ prepared }) => prepared)) settle(open);
  }

  /** Clicks are answered at once from here on. @param {readonly Slot[]} list  at least one, with the same segmenter */
  function settle(list) {
    const ready = list.flatMap((slot) => slot.take() ?? []);
    const [{ segmenter }] = ready;
    update(segmenters, { inUse: segmenter, next: null });
    if (segmenter.weights !== settled) backends.changed();
    settled = segmenter.weights;
    for (const { work } of list) work.value = { ...IDLE, phase: "ready", fraction: 1 };
    for (const image of ready) backends.tune(image);
  }

  /** The present segmenter goes on making the masks. */
  function stay() {
    for (const slot of slots) slot.stay();
    const ready = [...slots].filter(({ prepared }) => prepared);
    if (ready.length) settle(ready);
  }

  const shared = {
    segmenters,
    source,
    backends,
    queue,
    graphs,
    socket,
    arrived,
    quietMs: () => (queue.running ? 0 : performance.now() - askedAt),

    /** @param {string} image */
    left(image) {
      if (![...slots].some(({ opened }) => opened?.info.id === image)) socket.unwatch(image);
    },

    /** What it held back goes on without it. @param {Slot} slot */
    closed(slot) {
      slots.delete(slot);
      const waiting = [...slots].find(({ prepared }) => prepared);
      if (waiting) arrived(waiting);
    },

    /** @param {import("../core/types.js").SegmenterInfo} next @param {SamphireError} error */
    giveUp(next, { message, hint }) {
      update(segmenters, { next: null, failure: { segmenter: next, message, hint } });
      rememberSegmenter(segmenters.peek().inUse.id);
      stay();
    },
  };

  return {
    segmenters,

    /** Where a document's image is decoded. @param {import("../core/signals.js").Signal<import("../core/types.js").Work>} work  how far it is */
    slot(work) {
      const slot = createSlot(shared, work);
      slots.add(slot);
      return slot;
    },

    /**
     * Another segmenter, once it is ready for every opened image; until then, and when that fails, the present one stays, and
     * `segmenters` tells. Rejects with Superseded when something else is asked for meanwhile.
     * @param {string} id
     */
    async use(id) {
      const { installed, inUse, next } = segmenters.peek();
      const wanted = installed.find((segmenter) => segmenter.id === id);
      if (!wanted) {
        const known = installed.map((segmenter) => segmenter.id).join(", ");
        throw new SamphireError("segmenter_not_found", `There is no segmenter ${id}.`, `Installed: ${known}.`);
      }
      rememberSegmenter(id);
      const back = wanted.weights === inUse.weights;
      if (wanted.weights !== (next ?? inUse).weights) {
        update(segmenters, { next: back ? null : wanted, failure: null });
        if (back) stay();
        else for (const slot of slots) slot.change();
      }
      const entries = await Promise.allSettled([...slots].map(({ entry }) => entry));
      for (const each of entries) if (each.status === "fulfilled" && each.value) throw each.value;
      for (const each of entries) if (each.status === "rejected") throw each.reason;
    },

    /** Looks again which segmenters are installed. */
    async refresh() {
      const installed = await api.segmenters();
      const { inUse } = segmenters.peek();
      const same = installed.find(({ id, weights }) => id === inUse.id && weights === inUse.weights);
      update(segmenters, { installed, inUse: same ?? inUse });
    },

    /** The person's choice of where masks are computed; null gives it back to measurement. @param {Where|null} where */
    force: (where) => backends.force(where),

    close() {
      for (const slot of slots) slot.close();
      backends.close();
    },
  };
}

/** `?decoder=wasm|webgpu|server`. @param {string} search @returns {Where|null} */
export function forcedByAddress(search) {
  const asked = new URLSearchParams(search).get("decoder");
  return asked === "wasm" || asked === "webgpu" || asked === "server" ? asked : null;
}
