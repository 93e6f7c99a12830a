/**
 * The socket as promises and events: small news and decoding for browsers that cannot. Owns the reconnect state and
 * writes it to the `online` signal it is given.
 */

import { ApiError } from "../core/errors.js";
import { t, told } from "../core/text.js";
import { under } from "./base.js";
import { io } from "./socket-io.js";

/** @typedef {import("../core/types.js").EmbeddingInfo} EmbeddingInfo */
/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {EmbeddingInfo & {image: string}} EmbeddingNews */
/**
 * What happened in a project, numbered there; and on an image of it.
 * @typedef {{project: string, seq: number}} OfAProject
 * @typedef {OfAProject & {image: string}} OfAnImage
 */
/**
 * What the server tells an image's room, and (dis)connection. `connect` comes after every reconnection too, with the
 * rooms joined again.
 * @typedef {{
 *   "embedding:progress": EmbeddingNews,
 *   "embedding:ready": EmbeddingNews,
 *   "embedding:failed": EmbeddingNews,
 *   "annotation:changed": OfAnImage & {annotation: Annotation},
 *   "annotation:deleted": OfAnImage & {id: string, version: number},
 *   "annotations:imported": OfAnImage & {count: number},
 *   "image:changed": OfAnImage & {state?: import("../core/types.js").ImageState},
 *   "images:changed": OfAProject & {images: string[], state: import("../core/types.js").ImageState},
 *   "labels:changed": OfAProject & {version: number, merged: Record<string, string>},
 *   connect: undefined,
 *   disconnect: undefined,
 * }} Events
 */
/**
 * @typedef {object} PredictAck
 * @property {number} seq
 * @property {number[]} predicted_iou  of the four tokens
 * @property {number[]} stability_score  of the four, from the exact logits
 * @property {number[]} area_fraction  of the four, from the exact logits, as is the next
 * @property {number[]} agreement  with the mask fed back, or with the box
 * @property {[number, number, number]} shape  of the logits
 * @property {ArrayBuffer} logits  packed and deflated, see logits.js
 * @property {string} segmenter  id
 * @property {string} weights  of that segmenter, as the server has it now
 * @property {Record<string, number>} timing_ms
 */
/**
 * @typedef {object} PredictRequest
 * @property {string} image  id
 * @property {string} segmenter  id
 * @property {Array<[number, number, number]>} points  x, y, label in the image frame
 * @property {number[]|null} box
 * @property {Uint8Array|null} mask_input  packed and deflated
 * @property {number} seq
 */

/**
 * @param {{online: import("../core/signals.js").Signal<boolean>, project?: string, url?: string}} options
 *   project: id of the one whose annotations are told
 */
export function createSocket({ online, project, url }) {
  // Seven requests fewer than polling first and upgrading; polling is what is left where no WebSocket comes through.
  const how = { transports: ["websocket", "polling"], tryAllTransports: true };
  const socket = url === undefined ? io({ ...how, path: under("/socket.io") }) : io(url, how);
  /** Images whose rooms are joined; joined again after a reconnection. @type {Set<string>} */
  const watched = new Set();
  /** @type {Map<string, Set<(payload: any) => void>>} */
  const handlers = new Map();

  /** @param {string} event @param {unknown} payload */
  const tell = (event, payload) => handlers.get(event)?.forEach((handler) => handler(payload));

  socket.on("connect", () => {
    online.value = true;
    for (const image of watched) socket.emit("watch", { image, project }, () => {});
    tell("connect", undefined);
  });
  socket.on("disconnect", (reason) => {
    if (reason !== "io client disconnect") online.value = false;
    tell("disconnect", undefined);
  });
  socket.on("connect_error", () => {
    online.value = false;
  });
  socket.onAny((event, payload) => tell(event, payload));

  /**
   * Sends an event and waits for its acknowledgement.
   * @param {string} event @param {Record<string, unknown>} payload @param {number} [timeoutMs]
   * @returns {Promise<any>}
   */
  function ask(event, payload, timeoutMs = 15_000) {
    return new Promise((resolve, reject) => {
      socket.timeout(timeoutMs).emit(event, payload, (/** @type {Error|null} */ late, /** @type {any} */ answer) => {
        if (late) reject(new ApiError("no_answer", t("The server didn't respond in time."), t("It may be busy. Try again."), 0));
        else if (answer?.ok === false) {
          const { code, message, hint } = answer.error;
          reject(new ApiError(code, told(message), told(hint ?? ""), 0, answer.error));
        } else resolve(answer);
      });
    });
  }

  /** @param {string} image  id */
  function leave(image) {
    if (socket.connected) socket.emit("unwatch", { image, project }, () => {});
  }

  return {
    get connected() {
      return socket.connected;
    },

    /**
     * @template {keyof Events} E
     * @param {E} event @param {(payload: Events[E]) => void} handler
     * @returns {() => void}  stops listening
     */
    on(event, handler) {
      const set = handlers.get(event) ?? new Set();
      handlers.set(event, set.add(handler));
      return () => void set.delete(handler);
    },

    /**
     * Joins an image's room; how the embedding of one segmenter stands.
     * @param {string} image  id @param {string} segmenter  id @returns {Promise<EmbeddingInfo>}
     */
    async watch(image, segmenter) {
      watched.add(image);
      return (await ask("watch", { image, project, segmenter })).embedding;
    },

    /** @param {string} image  id */
    unwatch(image) {
      watched.delete(image);
      leave(image);
    },

    /** Tells again that an image is not watched, unless it is by now. @param {string} image  id */
    left(image) {
      if (!watched.has(image)) leave(image);
    },

    /** Round trip in milliseconds. */
    async ping() {
      const start = performance.now();
      await ask("ping_ms", {}, 5_000);
      return performance.now() - start;
    },

    /**
     * Decodes on the server; points are [x, y, label] in the image frame, mask_input packed and deflated.
     * @param {PredictRequest} request
     * @param {number} [timeoutMs]
     * @returns {Promise<PredictAck>}
     */
    predict: (request, timeoutMs = 60_000) => ask("predict", request, timeoutMs),

    close() {
      socket.disconnect();
    },
  };
}

/** @typedef {ReturnType<typeof createSocket>} Live */
