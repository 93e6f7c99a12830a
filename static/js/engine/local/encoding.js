/** A picture's embedding made in this browser: in a worker of its own, which is ended with it and gives its memory back. */

import { startWorker } from "../../core/address.js";
import { SamphireError } from "../../core/errors.js";
import { t } from "../../core/text.js";
import { processors } from "./capabilities.js";

/**
 * @typedef {object} Encoder  one segmenter's, as the server describes it
 * @property {string} url
 * @property {number} bytes
 * @property {string} segmenter  id
 * @property {string} weights
 * @property {import("../../core/types.js").Resize} resize
 * @property {readonly [number, number, number]} mean  of red, green and blue, 0 to 255
 * @property {readonly [number, number, number]} std
 * @property {string} input
 * @property {ReadonlyArray<{name: string, output: string, grid: number, channels: number}>} tensors
 */
/** @typedef {{file: Blob, graph: Uint8Array, encoder: Encoder, threads: number}} EncodingRequest */
/** @typedef {{container: ArrayBuffer, width: number, height: number}} Encoded  width, height: of the picture, upright */
/** @typedef {{state: 'encoding'} | {state: 'unread'} | {state: 'failed', message: string} | {state: 'encoded'} & Encoded} EncodingReply */

/**
 * @param {Omit<EncodingRequest, 'threads'>} asked
 * @param {{onBegun: () => void, signal: AbortSignal}} options  onBegun: all is there, the encoder runs
 * @returns {Promise<Encoded>} rejects with SamphireError, or the signal's reason
 */
export function encodeHere(asked, { onBegun, signal }) {
  const worker = startWorker("js/workers/encoder.js");
  const encoded = new Promise((/** @type {(encoded: Encoded) => void} */ resolve, reject) => {
    worker.addEventListener("message", ({ data }) => {
      const answer = /** @type {EncodingReply} */ (data);
      if (answer.state === "encoding") onBegun();
      else if (answer.state === "encoded") resolve(answer);
      else reject(answer.state === "unread" ? unread() : failed(answer.message));
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      reject(failed(event.message));
    });
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    signal.throwIfAborted();
  });
  worker.postMessage({ ...asked, threads: processors().threads });
  return encoded.finally(() => worker.terminate());
}

const unread = () => new SamphireError("invalid_image", t("This browser can't read the image."), t("Try a JPEG or PNG file."));

/** @param {string} reason */
const failed = (reason) =>
  new SamphireError("encoding_failed", t("Couldn't encode the image in this browser: {reason}", { reason }), t("Try a smaller image, or another browser."));
