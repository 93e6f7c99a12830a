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
/** @typedef {import("../core/api-types.js").EmbeddingNews} EmbeddingNews */
/** @typedef {Omit<import("../core/api-types.js").AnnotationChanged, "annotation"> & {annotation: Annotation}} AnnotationChanged */
/**
 * What the server tells an image's room, and (dis)connection. `connect` comes after every reconnection too, with the
 * rooms asked for again; `watched` when one of them is joined: `seq` is the number of the project's last event then;
 * `dismissed` after `disconnect` when it was the server's will, so that only `reconnect` brings the connection back.
 * @typedef {{
 *   "embedding:progress": EmbeddingNews,
 *   "embedding:ready": EmbeddingNews,
 *   "embedding:failed": EmbeddingNews,
 *   "annotation:changed": AnnotationChanged,
 *   "annotation:deleted": import("../core/api-types.js").AnnotationDeleted,
 *   "annotations:imported": import("../core/api-types.js").AnnotationsImported,
 *   "annotations:agreed": import("../core/api-types.js").AnnotationsAgreed,
 *   "annotations:segmented": import("../core/api-types.js").AnnotationsSegmented,
 *   "comment:changed": import("../core/api-types.js").CommentTold,
 *   "comment:deleted": import("../core/api-types.js").CommentTold,
 *   "training:progress": import("../core/api-types.js").TrainingTold,
 *   "training:point": import("../core/api-types.js").TrainingPointTold,
 *   "training:ended": import("../core/api-types.js").TrainingTold,
 *   "inbox:changed": {},
 *   "image:changed": import("../core/api-types.js").ImageChanged,
 *   "images:changed": import("../core/api-types.js").ImagesChanged,
 *   "assignments:changed": import("../core/api-types.js").AssignmentsChanged,
 *   "labels:changed": import("../core/api-types.js").LabelsChanged,
 *   "person:here": import("../core/api-types.js").Person,
 *   "person:left": import("../core/api-types.js").PersonLeft,
 *   "person:look": import("../core/api-types.js").Looking,
 *   "person:view": import("../core/api-types.js").View,
 *   cursors: import("../core/api-types.js").Cursors,
 *   held: import("../core/api-types.js").Held,
 *   followed: import("../core/api-types.js").Followed,
 *   watched: {image: string, project: string|undefined, seq: number},
 *   connect: undefined,
 *   disconnect: undefined,
 *   dismissed: undefined,
 * }} Events
 */
/**
 * Something that happened in a project, as its log has it.
 * @typedef {AnnotationChanged & {event: "annotation:changed"} | Events["annotation:deleted"] & {event: "annotation:deleted"}
 *   | Events["comment:changed"] & {event: "comment:changed"} | Events["comment:deleted"] & {event: "comment:deleted"}
 *   | Events["annotations:imported"] & {event: "annotations:imported"} | Events["annotations:agreed"] & {event: "annotations:agreed"} | Events["annotations:segmented"] & {event: "annotations:segmented"}
 *   | Events["image:changed"] & {event: "image:changed"}
 *   | Events["images:changed"] & {event: "images:changed"} | Events["labels:changed"] & {event: "labels:changed"}} Happened
 */
/** @typedef {import("../core/api-types.js").PredictLogits} PredictAck  logits: packed and deflated, see logits.js */
/** @typedef {import("../core/api-types.js").PredictRequest} PredictRequest */

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
    for (const image of watched) void join(image).catch(() => {}); // it is gone, or the connection is again
    tell("connect", undefined);
  });
  socket.on("disconnect", (reason) => {
    if (reason === "io client disconnect") return;
    const dismissed = reason === "io server disconnect";
    online.value = dismissed; // it is there, and does not know us any more
    tell("disconnect", undefined);
    if (dismissed) tell("dismissed", undefined);
  });
  socket.on("connect_error", ({ message }) => {
    online.value = false;
    if (message === "timeout") socket.io.opts.transports = ["polling", "websocket"]; // something on the way swallows WebSockets
  });
  socket.onAny((event, payload) => tell(event, payload));

  /**
   * Sends an event and waits for its acknowledgement.
   * @param {string} event @param {object} payload @param {number} [timeoutMs]
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

  /** @param {string} image  id @param {string} [segmenter]  id */
  async function join(image, segmenter) {
    const { embedding, seq } = await ask("watch", { image, project, segmenter });
    tell("watched", { image, project, seq });
    return embedding;
  }

  /** @param {string} image  id */
  function leave(image) {
    if (socket.connected) socket.emit("unwatch", { image, project }, () => {});
  }

  return {
    get connected() {
      return socket.connected;
    },

    /** Whether it is connected, or tries to be. */
    get active() {
      return socket.active;
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
    watch(image, segmenter) {
      watched.add(image);
      return join(image, segmenter);
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
     * @param {PredictRequest} request @param {number} timeoutMs @returns {Promise<PredictAck>}
     */
    predict: (request, timeoutMs) => ask("predict", request, timeoutMs),

    /** Anew, as whoever is signed in by now; `connect` is told then. */
    reconnect() {
      socket.disconnect();
      tell("disconnect", undefined); // what is told from here on has a gap before it
      socket.connect();
    },

    /**
     * Tells the server something of who works here, or what to tell of the project, and gives its answer.
     * @param {'here'|'hold'|'follow'|'look'|'watch_trainings'} event @param {object} payload @returns {Promise<any>}
     */
    say: (event, payload) => ask(event, { ...payload, project }),

    /** Tells it what is out of date a moment later: it does not wait for a connection. @param {'point'|'view'} event @param {object} payload */
    mention(event, payload) {
      if (socket.connected) socket.volatile.emit(event, payload);
    },

    close() {
      socket.disconnect();
    },
  };
}

/** @typedef {ReturnType<typeof createSocket>} Live */
