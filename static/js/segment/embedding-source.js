/**
 * An image's embedding, from wherever it is nearest: memory, this browser's storage, the server; or once it is made.
 */

import { ApiError } from "../core/errors.js";

/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../core/types.js").EmbeddingInfo} EmbeddingInfo */
/** @typedef {import("../core/types.js").Work} Work */
/** @typedef {(change: Partial<Work> & {phase: Work['phase']}) => void} OnWork */

const POLL_MS = 2_000; // in case news over the socket are missed
const RETRIES = 3;
const CONTAINER_BYTES = 1_050_900; // one a value and a small header: 4096 tokens of 256 channels

/**
 * @param {object} parts
 * @param {import("../net/api.js").Api} parts.api
 * @param {import("../net/socket.js").Live} parts.socket
 * @param {import("../net/embedding-cache.js").EmbeddingCache} parts.cache
 * @param {import("../core/types.js").SegmenterInfo} parts.segmenter
 */
export function createEmbeddingSource({ api, socket, cache, segmenter }) {
  const wanted = { segmenter: segmenter.id, weights: segmenter.weights };

  /** @param {ImageInfo} image */
  const keyOf = (image) => `${image.sha256}/${segmenter.id}/${segmenter.weights}`;

  /**
   * Waits until the server has made the embedding.
   * @param {ImageInfo} image @param {OnWork} onWork @param {AbortSignal} signal @returns {Promise<EmbeddingInfo>}
   */
  async function made(image, onWork, signal) {
    const news = new News(socket, image.id, signal);
    try {
      let info = await socket.watch(image.id).catch(() => image.embedding);
      // Asked for even when it is queued: what was made ahead of time goes to the front once somebody waits for it.
      if (info.state !== "ready") info = await api.encode(image.id);
      for (;;) {
        signal.throwIfAborted();
        if (info.state === "ready") return info;
        if (info.state === "failed") throw failure(info);
        onWork({
          phase: info.state === "running" ? "encoding" : "queued",
          position: info.position,
          secondsLeft: info.seconds_left,
        });
        info = (await news.next(POLL_MS)) ?? (await api.image(image.id).catch(() => ({ embedding: info }))).embedding;
      }
    } finally {
      news.close();
    }
  }

  /** @param {ImageInfo} image @param {OnWork} onWork @param {AbortSignal} signal @returns {Promise<ArrayBuffer>} */
  async function fetched(image, onWork, signal) {
    for (let attempt = 1; ; attempt++) {
      /** @param {number} bytes @param {number|null} totalBytes */
      const onProgress = (bytes, totalBytes) => {
        onWork({ phase: "downloading", bytes, totalBytes, fraction: totalBytes && Math.min(1, bytes / totalBytes) });
      };
      const answer = await api.embedding(image.id, wanted, { onProgress, signal, expectedBytes: CONTAINER_BYTES });
      if (answer.state === "ready") return answer.bytes;
      if (attempt === RETRIES) {
        throw new ApiError("embedding_missing", "The embedding was made but cannot be fetched.", "Try again.", 0);
      }
      await made(image, onWork, signal);
    }
  }

  return {
    keyOf,
    made,

    /**
     * The container's bytes.
     * @param {ImageInfo} image @param {OnWork} onWork @param {AbortSignal} signal @returns {Promise<ArrayBuffer>}
     */
    async load(image, onWork, signal) {
      const key = keyOf(image);
      const known = await cache.get(key);
      if (known) return known;
      if (image.embedding.state !== "ready") await made(image, onWork, signal);
      const bytes = await fetched(image, onWork, signal);
      void cache.put(key, bytes);
      return bytes;
    },

    /** What was stored is damaged. @param {ImageInfo} image */
    drop: (image) => cache.drop(keyOf(image)),
  };
}

/** @param {EmbeddingInfo} info */
function failure({ error }) {
  return new ApiError(
    error?.code ?? "encoding_failed",
    error?.message ?? "The image could not be encoded.",
    error?.hint ?? "The picture is safe; try again.",
    500,
  );
}

/** The latest news of one image's embedding, waited for one at a time. */
class News {
  /** @param {import("../net/socket.js").Live} socket @param {string} imageId @param {AbortSignal} signal */
  constructor(socket, imageId, signal) {
    /** @type {EmbeddingInfo|null} */
    this.latest = null;
    this.wake = () => {};
    /** @param {EmbeddingInfo & {image: string}} info */
    const heard = (info) => {
      if (info.image !== imageId) return;
      this.latest = info;
      this.wake();
    };
    const events = /** @type {const} */ (["embedding:progress", "embedding:ready", "embedding:failed"]);
    this.stops = events.map((event) => socket.on(event, heard));
    signal.addEventListener("abort", () => this.wake(), { once: true });
  }

  /** @param {number} limitMs @returns {Promise<EmbeddingInfo|null>} null when there was none in that time */
  async next(limitMs) {
    if (!this.latest) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, limitMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve(undefined);
        };
      });
    }
    const news = this.latest;
    this.latest = null;
    return news;
  }

  close() {
    for (const stop of this.stops) stop();
  }
}
