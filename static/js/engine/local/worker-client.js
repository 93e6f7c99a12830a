/** The main thread's end of the decoder worker: a promise per request, settled once, by id, or by a time limit. */

import { startWorker } from "../../core/address.js";
import { DecoderFailed } from "../../core/errors.js";
import { t } from "../../core/text.js";

/** @typedef {import("../protocol.js").Messages} Messages */
/** @typedef {import("../protocol.js").MessageType} MessageType */
/**
 * @typedef {object} Waiting
 * @property {(answer: any) => void} resolve
 * @property {(error: Error) => void} reject
 * @property {number} limitMs
 * @property {ReturnType<typeof setTimeout>} [timer]  runs once it is its turn
 */

export const HINT = t("The server can compute masks instead.");

/** A refusal the worker itself sent: it is alive. `code` says what for. */
export class WorkerRefusal extends DecoderFailed {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message, HINT);
    this.code = code;
  }
}

const decoderWorker = () => startWorker("js/workers/decoder.js");

export class WorkerClient {
  /** @param {() => Worker} [create] */
  constructor(create = decoderWorker) {
    /** In the order asked, in which the worker answers. @type {Map<number, Waiting>} */
    this.waiting = new Map();
    this.nextId = 1;
    /** Resolves when all that was asked by now is answered, or has failed. */
    this.settled = Promise.resolve();
    /** Why it can no longer be used. @type {DecoderFailed|null} */
    this.broken = null;
    this.worker = create();
    this.worker.addEventListener("message", (event) => this.#settle(event.data));
    this.worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.close(new DecoderFailed(t("The decoder stopped: {reason}.", { reason: event.message || t("its script failed to load") }), HINT));
    });
    this.worker.addEventListener("messageerror", () => this.close(new DecoderFailed(t("Couldn't read the decoder's answer."), HINT)));
  }

  /**
   * @template {MessageType} T
   * @param {T} type @param {Messages[T]['request']} payload @param {number} limitMs
   *   unanswered for longer once all before it are answered, the worker is given up
   * @returns {Promise<Messages[T]['answer']>}
   */
  request(type, payload, limitMs) {
    if (this.broken) return Promise.reject(this.broken);
    const id = this.nextId++;
    const answer = new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, limitMs });
      this.#watch();
      this.worker.postMessage({ id, type, ...payload });
    });
    this.settled = answer.then(() => {}, () => {});
    return answer;
  }

  /** The request whose turn it is has a time limit. */
  #watch() {
    const [first] = this.waiting.values();
    if (!first || first.timer !== undefined) return;
    first.timer = setTimeout(() => this.close(new DecoderFailed(t("The decoder stopped answering."), HINT)), first.limitMs);
  }

  get busy() {
    return this.waiting.size > 0;
  }

  /** @param {import("../protocol.js").ReplyMessage} reply */
  #settle(reply) {
    const entry = this.waiting.get(reply.id);
    if (!entry) return;
    this.waiting.delete(reply.id);
    clearTimeout(entry.timer);
    this.#watch();
    if (reply.ok) entry.resolve(reply.answer);
    else entry.reject(new WorkerRefusal(reply.code, reply.message));
  }

  /** @param {DecoderFailed} [reason] */
  close(reason = new DecoderFailed(t("The decoder was closed."), HINT)) {
    this.broken ??= reason;
    this.worker.terminate();
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(this.broken);
    }
    this.waiting.clear();
  }
}
