/**
 * The images that will be opened next are made ready while nothing else is asked: their embeddings fetched, and the first
 * one's prepared in the worker. Gives way to every click: it only begins when none was made for a moment.
 */

import { ApiError } from "../core/errors.js";

/** @typedef {import("./backends.js").Opened} Opened */

const QUIET_MS = 300; // since the last request, before the worker is given something that takes longer than a click
const LOOK_AGAIN_MS = 100;

/**
 * @param {object} parts
 * @param {ReturnType<typeof import("./embedding-source.js").createEmbeddingSource>} parts.source
 * @param {(image: Opened) => Promise<void>} parts.hold  gives the worker an image's embedding
 * @param {() => number} parts.quietMs  how long nothing has been asked
 */
export function createAhead({ source, hold, quietMs }) {
  let present = new AbortController();

  /** @param {AbortSignal} signal */
  async function quiet(signal) {
    while (quietMs() < QUIET_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      signal.throwIfAborted();
    }
  }

  return {
    /** Drops what was begun for others. @param {readonly Opened[]} images in the order they will be wanted */
    async prepare(images) {
      present.abort();
      present = new AbortController();
      const { signal } = present;
      try {
        for (const [place, image] of images.entries()) {
          if (!(await source.fetchAhead(image.info, image.segmenter, signal))) continue;
          await quiet(signal);
          if (place === 0) await hold(image);
        }
      } catch (error) {
        // Made ready when it is opened, where a failure is told.
        if (!signal.aborted && !(error instanceof ApiError)) throw error;
      }
    },

    stop: () => present.abort(),
  };
}
