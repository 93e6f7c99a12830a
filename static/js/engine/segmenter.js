/**
 * One click to masks, wherever they are computed: this browser's worker or the server; and with which segmenter. The only
 * door of this room; callers never learn which backend answered except by `Decoded.where`.
 */

import { SamphireError, Superseded } from "../core/errors.js";
import { IDLE, update } from "../core/state.js";
import { t } from "../core/text.js";
import { InputFrame } from "../geometry/frames.js";
import { maskRle as rleOf } from "../geometry/rle.js";
import { Upsampler } from "../geometry/upsample.js";
import { createEmbeddingCache } from "../net/embedding-cache.js";
import { createAhead } from "./ahead.js";
import { createBackends } from "./backends.js";
import { createEmbeddingSource } from "./embedding-source.js";
import { createGraphSource } from "./graphs.js";
import { firstSegmenter, rememberSegmenter } from "./remembered.js";
import { RequestQueue } from "./request-queue.js";

/** @typedef {import("../core/types.js").Prompt} Prompt */
/** @typedef {import("../core/types.js").Decoded} Decoded */
/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").MaskRle} MaskRle */
/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../core/types.js").SegmenterInfo} SegmenterInfo */
/** @typedef {import("../core/types.js").Where} Where */
/** @typedef {import("../core/types.js").Work} Work */
/** @typedef {import("./backends.js").Opened} Opened */
/**
 * @typedef {object} Segmenter
 * @property {(image: ImageInfo) => Promise<void>} open  makes the image ready for clicks; `work` tells how far it is.
 *   Rejects with Superseded when another image is opened meanwhile
 * @property {(id: string) => Promise<void>} use  another segmenter, once it is ready for the opened image; until then, and
 *   when that fails, the present one stays, and `segmenters` tells. Rejects with Superseded when something else is asked
 *   for meanwhile
 * @property {() => Promise<void>} refresh  looks again which segmenters are installed
 * @property {(prompt: Prompt, options?: {priority?: 'hover'|'click'}) => Promise<Decoded>} decode  a hover that a newer
 *   request overtook rejects with Superseded; a click is never dropped
 * @property {(lowRes: LowRes) => Promise<MaskRle>} maskRle  the full-size mask of the opened image
 * @property {(images: readonly ImageInfo[]) => Promise<void>} ahead  makes images ready that will be opened next, in that
 *   order, with the segmenter in use; without delaying clicks, and never failing
 * @property {(where: Where|null) => void} force  the person's choice; null gives it back to measurement
 * @property {() => void} close
 */

/**
 * @param {object} parts
 * @param {import("../net/api.js").Api} parts.api
 * @param {import("../net/socket.js").Live} parts.socket
 * @param {import("../core/types.js").Boot} parts.boot
 * @param {import("../core/signals.js").Signal<import("../core/types.js").Status>} parts.status
 * @param {import("../core/signals.js").Signal<Work>} parts.work
 * @param {import("../core/signals.js").Signal<import("../core/types.js").Segmenters>} parts.segmenters
 * @returns {Segmenter}
 */
export function createSegmenter({ api, socket, boot, status, work, segmenters }) {
  const installed = boot.segmenters;
  update(segmenters, { installed, inUse: firstSegmenter(installed, boot.segmenter, location.search) });
  const source = createEmbeddingSource({ api, socket, cache: createEmbeddingCache() });
  /** What prompts are about. @type {Opened|null} */
  let opened = null;
  /** Answered at once: `opened`, once it is ready. @type {Opened|null} */
  let ready = null;
  let visit = new AbortController(); // of the opened image
  let entering = new AbortController(); // of what is being made ready
  /** @type {Promise<SamphireError|null>} */
  let entry = Promise.resolve(null);
  let settled = segmenters.peek().inUse.weights; // what the backends were told

  const graphs = createGraphSource({
    api,
    onProgress(segmenter, bytes, totalBytes) {
      const { inUse, next } = segmenters.peek();
      if (work.peek().phase !== "loading-decoder" || segmenter.weights !== (next ?? inUse).weights) return;
      update(work, { bytes, totalBytes, fraction: totalBytes && bytes < totalBytes ? bytes / totalBytes : null });
    },
  });
  const forced = forcedByAddress(location.search);
  const backends = createBackends({ socket, version: boot.version, status, segmenters, forced, graphs });

  let askedAt = -Infinity;
  const ahead = createAhead({
    source,
    hold: backends.hold,
    quietMs: () => (queue.running ? 0 : performance.now() - askedAt),
  });

  /** @type {RequestQueue<{prompt: Prompt, image: Opened}, Decoded>} */
  const queue = new RequestQueue(async ({ prompt, image }) => {
    return { ...(await backends.decode(image, prompt)), segmenter: image.segmenter };
  });

  /** @param {ImageInfo} info @param {SegmenterInfo} segmenter @returns {Opened} */
  function describe(info, segmenter) {
    const { signal } = visit;
    return {
      info,
      segmenter,
      key: source.keyOf(info, segmenter),
      weights: segmenter.weights,
      width: info.width,
      height: info.height,
      graphs: () => graphs(segmenter),
      container: () => source.load(info, segmenter, () => {}, signal),
      damaged: () => source.drop(info, segmenter),
    };
  }

  /** @param {ImageInfo} info */
  async function open(info) {
    ahead.stop();
    visit.abort();
    visit = new AbortController();
    queue.clear();
    if (opened && opened.info.id !== info.id) socket.unwatch(opened.info.id);
    const { inUse } = segmenters.peek();
    ready = null;
    opened = describe(info, inUse);
    void socket.watch(info.id, inUse.id).catch(() => {}); // news of annotations; joined again when the socket returns
    await (entry = enter(info));
  }

  /**
   * Makes the image ready with the segmenter wanted, else with the present one.
   * @param {ImageInfo} info @returns {Promise<SamphireError|null>} why it is not the one wanted
   */
  async function enter(info) {
    entering.abort();
    entering = new AbortController();
    const { signal } = entering;
    const { inUse, next } = segmenters.peek();
    const target = describe(info, next ?? inUse);
    /** @type {import("./embedding-source.js").OnWork} */
    const report = (change) => {
      if (!signal.aborted) work.value = { ...IDLE, ...change };
    };
    try {
      if ((await backends.begun()) === "server") await source.made(info, target.segmenter, report, signal);
      else {
        void target.graphs().catch(() => {}); // beside the embedding; `hold` asks again
        await source.load(info, target.segmenter, report, signal);
        if (backends.loading(target.segmenter)) report({ phase: "loading-decoder" });
        await backends.hold(target);
      }
      signal.throwIfAborted();
    } catch (cause) {
      if (signal.aborted) throw new Superseded();
      const error = cause instanceof SamphireError ? cause : new SamphireError("failed", String(cause), t("Try again."));
      const { message, hint } = error;
      if (next) {
        update(segmenters, { next: null, failure: { segmenter: next, message, hint } });
        rememberSegmenter(inUse.id);
        if (ready) settle(ready);
        else await enter(info);
        return error;
      }
      report({ phase: "failed", error: { message, hint, retry: () => void enter(info).catch(() => {}) } });
      throw error;
    }
    settle(target);
    return null;
  }

  /** Clicks are answered at once from here on. @param {Opened} target */
  function settle(target) {
    ready = opened = target;
    update(segmenters, { inUse: target.segmenter, next: null });
    if (target.weights !== settled) backends.changed();
    settled = target.weights;
    work.value = { ...IDLE, phase: "ready", fraction: 1 };
    backends.tune(target);
  }
  /** @param {string} id */
  async function use(id) {
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
      if (back && ready) {
        entering.abort();
        entry = Promise.resolve(null);
        settle(ready);
      } else if (opened) entry = enter(opened.info);
    }
    const failure = await entry;
    if (failure) throw failure;
  }

  return {
    open,
    use,

    async refresh() {
      const installed = await api.segmenters();
      const { inUse } = segmenters.peek();
      const same = installed.find(({ id, weights }) => id === inUse.id && weights === inUse.weights);
      update(segmenters, { installed, inUse: same ?? inUse });
    },

    decode(prompt, { priority = "click" } = {}) {
      if (!opened) return Promise.reject(new SamphireError("no_image", "No image is open."));
      askedAt = performance.now();
      return queue.submit({ prompt, image: opened }, priority);
    },

    async maskRle(lowRes) {
      if (!opened) throw new SamphireError("no_image", "No image is open.");
      const { width, height } = opened;
      const there = await backends.rle(lowRes, width, height);
      if (there) return there;
      return rleOf(new Upsampler(new InputFrame(width, height, lowRes.resize)).counts(lowRes), width, height);
    },

    async ahead(images) {
      if ((await backends.begun()) !== "local") return;
      const { inUse } = segmenters.peek();
      await ahead.prepare(images.map((info) => describe(info, inUse)));
    },

    force: (where) => backends.force(where),

    close() {
      ahead.stop();
      visit.abort();
      entering.abort();
      queue.clear();
      backends.close();
    },
  };
}

/** `?decoder=wasm|webgpu|server`. @param {string} search @returns {Where|null} */
export function forcedByAddress(search) {
  const asked = new URLSearchParams(search).get("decoder");
  return asked === "wasm" || asked === "webgpu" || asked === "server" ? asked : null;
}
