/**
 * One click to masks, wherever they are computed: this browser's worker or the server. The only door of this room;
 * callers never learn which backend answered except by `Decoded.where`.
 */

import { SamphireError, Superseded } from "../core/errors.js";
import { IDLE, update } from "../core/state.js";
import { InputFrame } from "../geometry/frames.js";
import { maskRle as rleOf } from "../geometry/rle.js";
import { Upsampler } from "../geometry/upsample.js";
import { createEmbeddingCache } from "../net/embedding-cache.js";
import { createBackends } from "./backends.js";
import { createEmbeddingSource } from "./embedding-source.js";
import { RequestQueue } from "./request-queue.js";

/** @typedef {import("../core/types.js").Prompt} Prompt */
/** @typedef {import("../core/types.js").Decoded} Decoded */
/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").MaskRle} MaskRle */
/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../core/types.js").Where} Where */
/** @typedef {import("../core/types.js").Work} Work */
/**
 * @typedef {object} Segmenter
 * @property {(image: ImageInfo) => Promise<void>} open  makes the image ready for clicks; `work` tells how far it is.
 *   Rejects with Superseded when another image is opened meanwhile
 * @property {(prompt: Prompt, options?: {priority?: 'hover'|'click'}) => Promise<Decoded>} decode  a hover that a newer
 *   request overtook rejects with Superseded; a click is never dropped
 * @property {(lowRes: LowRes) => Promise<MaskRle>} maskRle  the full-size mask of the opened image
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
 * @returns {Segmenter}
 */
export function createSegmenter({ api, socket, boot, status, work }) {
  const source = createEmbeddingSource({ api, socket, cache: createEmbeddingCache(), segmenter: boot.segmenter });
  /** @type {import("./backends.js").Opened|null} */
  let opened = null;
  let opening = new AbortController();

  const backends = createBackends({
    api,
    socket,
    boot,
    status,
    forced: forcedByAddress(location.search),
    onDecoderProgress(bytes, totalBytes) {
      if (work.peek().phase !== "loading-decoder") return;
      update(work, { bytes, totalBytes, fraction: totalBytes && bytes < totalBytes ? bytes / totalBytes : null });
    },
  });

  /** @type {RequestQueue<{prompt: Prompt, image: import("./backends.js").Opened}, Decoded>} */
  const queue = new RequestQueue(({ prompt, image }) => backends.decode(image, prompt));

  /** @param {ImageInfo} info @param {AbortSignal} signal @returns {import("./backends.js").Opened} */
  function describe(info, signal) {
    return {
      info,
      key: source.keyOf(info),
      weights: boot.segmenter.weights,
      width: info.width,
      height: info.height,
      container: () => source.load(info, () => {}, signal),
      damaged: () => source.drop(info),
    };
  }

  /** @param {ImageInfo} image */
  async function open(image) {
    opening.abort();
    opening = new AbortController();
    const { signal } = opening;
    queue.clear();
    if (opened && opened.info.id !== image.id) socket.unwatch(opened.info.id);
    const current = (opened = describe(image, signal));
    /** @type {import("./embedding-source.js").OnWork} */
    const report = (change) => {
      if (!signal.aborted) work.value = { ...IDLE, ...change };
    };
    void socket.watch(image.id).catch(() => {}); // news of annotations; joined again when the socket returns
    try {
      if ((await backends.begun()) === "server") {
        if (image.embedding.state !== "ready") await source.made(image, report, signal);
      } else {
        await source.load(image, report, signal);
        if (backends.loading) report({ phase: "loading-decoder" });
        await backends.hold(current);
      }
      signal.throwIfAborted();
      report({ phase: "ready", fraction: 1 });
      backends.tune(current);
    } catch (error) {
      if (signal.aborted) throw new Superseded();
      const { message, hint } = error instanceof SamphireError ? error : { message: String(error), hint: "Try again." };
      report({ phase: "failed", error: { message, hint, retry: () => void open(image).catch(() => {}) } });
      throw error;
    }
  }

  return {
    open,

    decode(prompt, { priority = "click" } = {}) {
      if (!opened) return Promise.reject(new SamphireError("no_image", "No image is open."));
      return queue.submit({ prompt, image: opened }, priority);
    },

    async maskRle(lowRes) {
      if (!opened) throw new SamphireError("no_image", "No image is open.");
      const { width, height } = opened;
      const there = await backends.rle(lowRes, width, height);
      return there ?? rleOf(new Upsampler(new InputFrame(width, height)).counts(lowRes), width, height);
    },

    force: (where) => backends.force(where),

    close() {
      opening.abort();
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
