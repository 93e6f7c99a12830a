/**
 * An image's embedding, from wherever it is nearest: memory, this browser's storage, the server; or once it is made.
 */

import { ApiError } from "../core/errors.js";
import { t } from "../core/text.js";

/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../core/types.js").EmbeddingInfo} EmbeddingInfo */
/** @typedef {import("../core/types.js").SegmenterInfo} SegmenterInfo */
/** @typedef {import("../core/types.js").Work} Work */
/** @typedef {import("../core/types.js").Window} Window */
/** @typedef {(change: Partial<Work> & {phase: Work['phase']}) => void} OnWork */

const POLL_MS = 2_000; // in case news over the socket are missed
const AHEAD_POLLS = 60; // of an image that is not opened yet
const RETRIES = 3;

/**
 * @param {object} parts
 * @param {import("../net/api.js").Api} parts.api
 * @param {import("../net/socket.js").Live} parts.socket
 * @param {import("../net/embedding-cache.js").EmbeddingCache} parts.cache
 */
export function createEmbeddingSource({ api, socket, cache }) {
  /** Of containers, by what they carry: an encoder's are alike, but compressed they do not tell. @type {Map<string, number>} */
  const sizes = new Map();

  /** The same for all segmenters with this encoder. @param {ImageInfo} image @param {SegmenterInfo} segmenter @param {Window|null} [within] */
  const keyOf = ({ sha256, version }, { encoder, encoding }, within) =>
    `${version ? `${sha256}-${version}` : sha256}/${encoder}/${encoding}${within ? `/${within.key}` : ""}`;

  /** How its bytes are asked for. @param {ImageInfo} image @param {SegmenterInfo} segmenter @param {Window|null} [within] */
  const wantedOf = ({ version }, { encoder, encoding }, within) => ({ segmenter: encoder, weights: encoding, version, window: within?.key });

  /**
   * What was last heard: an image is described with the server's own segmenter.
   * @param {ImageInfo} image @param {SegmenterInfo} segmenter
   */
  const known = ({ embedding }, { encoding }) => (embedding.weights === encoding ? embedding.state : "none");

  /**
   * Waits until the server has made the embedding.
   * @param {ImageInfo} image @param {SegmenterInfo} segmenter @param {OnWork} onWork @param {AbortSignal} signal
   * @param {Window|null} [within]
   */
  async function made(image, segmenter, onWork, signal, within = null) {
    if (!within && known(image, segmenter) === "ready") return;
    const news = new News(socket, image.id, segmenter.encoding, within?.key ?? null, signal);
    try {
      const standing = within ? null : await socket.watch(image.id, segmenter.id).catch(() => null);
      signal.throwIfAborted(); // left meanwhile: what is on screen goes first
      // Asked for even when it is queued: what was made ahead of time goes to the front once somebody waits for it.
      /** @type {EmbeddingInfo|null} */
      let info = standing?.state === "ready" ? standing : await api.encode(image.id, segmenter.id, within?.key);
      if (signal.aborted) socket.left(image.id); // again: the question may have come after the word of it
      signal.throwIfAborted();
      for (;;) {
        if (!info || info.state === "ready") return;
        if (info.state === "failed") throw failure(info);
        onWork({
          phase: info.state === "running" ? "encoding" : "queued",
          position: info.position,
          secondsLeft: info.seconds_left,
        });
        const heard = await news.next(POLL_MS);
        signal.throwIfAborted();
        info = heard ?? (await polled(image, segmenter, info, within));
      }
    } finally {
      news.close();
    }
  }

  /**
   * How it stands, as it was before when the server cannot be reached; null when it is ready.
   * @param {ImageInfo} image @param {SegmenterInfo} segmenter @param {EmbeddingInfo} before @param {Window|null} within
   */
  async function polled(image, segmenter, before, within) {
    try {
      return await api.embeddingUnderWay(image.id, wantedOf(image, segmenter, within));
    } catch (error) {
      if (error instanceof ApiError && error.status === 0) return before;
      throw error;
    }
  }

  /**
   * @param {ImageInfo} image @param {SegmenterInfo} segmenter @param {OnWork} onWork @param {AbortSignal} signal
   * @param {Window|null} within
   * @returns {Promise<ArrayBuffer>}
   */
  async function fetched(image, segmenter, onWork, signal, within) {
    const wanted = wantedOf(image, segmenter, within);
    let present = image;
    for (let attempt = 1; ; attempt++) {
      await made(present, segmenter, onWork, signal, within);
      /** @param {number} bytes @param {number|null} totalBytes */
      const onProgress = (bytes, totalBytes) => {
        onWork({ phase: "downloading", bytes, totalBytes, fraction: totalBytes && Math.min(1, bytes / totalBytes) });
      };
      onWork({ phase: "downloading" });
      const expectedBytes = sizes.get(segmenter.encoding) ?? null;
      const answer = await api.embedding(image.id, wanted, { onProgress, signal, expectedBytes });
      if (answer.state === "ready") {
        sizes.set(segmenter.encoding, answer.bytes.byteLength);
        return answer.bytes;
      }
      if (attempt === RETRIES) {
        throw new ApiError("embedding_missing", t("Couldn't download the image features."), t("Try again."), 0);
      }
      present = { ...image, embedding: answer.embedding };
    }
  }

  return {
    keyOf,
    made,

    /**
     * The container's bytes.
     * @param {ImageInfo} image @param {SegmenterInfo} segmenter @param {OnWork} onWork @param {AbortSignal} signal
     * @param {Window|null} [within]
     * @returns {Promise<ArrayBuffer>}
     */
    async load(image, segmenter, onWork, signal, within = null) {
      const key = keyOf(image, segmenter, within);
      const held = await cache.get(key);
      if (held) return held;
      const bytes = await fetched(image, segmenter, onWork, signal, within);
      void cache.put(key, bytes);
      return bytes;
    },

    /**
     * Has the container at hand before it is wanted, once the server has made it; asks for nothing to be made.
     * @param {ImageInfo} image @param {SegmenterInfo} segmenter @param {AbortSignal} signal
     * @returns {Promise<boolean>} whether it is
     */
    async fetchAhead(image, segmenter, signal) {
      const key = keyOf(image, segmenter);
      if (await cache.get(key)) return true;
      const wanted = wantedOf(image, segmenter);
      for (let polls = 0; polls < AHEAD_POLLS; polls++) {
        signal.throwIfAborted();
        const answer = await api.embedding(image.id, wanted, { signal, priority: "low" });
        if (answer.state === "ready") {
          await cache.put(key, answer.bytes);
          return true;
        }
        if (answer.embedding.state === "none" || answer.embedding.state === "failed") return false;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      return false;
    },

    /** What was stored is damaged. @param {ImageInfo} image @param {SegmenterInfo} segmenter @param {Window|null} [within] */
    drop: (image, segmenter, within) => cache.drop(keyOf(image, segmenter, within)),
  };
}

/** @param {EmbeddingInfo} info */
function failure({ error }) {
  return new ApiError(
    error?.code ?? "encoding_failed",
    error?.message ?? t("Couldn't encode the image."),
    error?.hint ?? t("Your image is safe. Try again."),
    500,
  );
}

/** The latest news of one image's or window's embedding by one encoder, waited for one at a time. */
class News {
  /**
   * @param {import("../net/socket.js").Live} socket @param {string} imageId @param {string} encoding
   * @param {string|null} window  its key @param {AbortSignal} signal
   */
  constructor(socket, imageId, encoding, window, signal) {
    /** @type {EmbeddingInfo|null} */
    this.latest = null;
    this.wake = () => {};
    /** @param {EmbeddingInfo & {image: string}} info */
    const heard = (info) => {
      if (info.image !== imageId || info.weights !== encoding || info.window !== window) return;
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
