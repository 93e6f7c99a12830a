/** The backends that can decode, which of them does, and moving between them; writes what it knows to `status`. */

import { ApiError, Superseded } from "../core/errors.js";
import { update } from "../core/state.js";
import { calibrationKey, firstGuess, recall, remember, rowOf } from "./calibration.js";
import { capabilities } from "./capabilities.js";
import { LocalKeeper } from "./local-keeper.js";
import { chooseSide, UNNOTICED_MS } from "./policy.js";
import { createServerDecoder } from "./server-decoder.js";
import { createTuner } from "./tuning.js";

/** @typedef {import("../core/types.js").Prompt} Prompt */
/** @typedef {import("../core/types.js").Decoded} Decoded */
/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").Where} Where */
/** @typedef {import("./local-decoder.js").OpenImage & {info: import("../core/types.js").ImageInfo}} Opened */

/**
 * @param {object} parts
 * @param {import("../net/api.js").Api} parts.api
 * @param {import("../net/socket.js").Live} parts.socket
 * @param {import("../core/types.js").Boot} parts.boot
 * @param {import("../core/signals.js").Signal<import("../core/types.js").Status>} parts.status
 * @param {Where|null} parts.forced
 * @param {import("../net/api.js").OnProgress} parts.onDecoderProgress
 */
export function createBackends({ api, socket, boot, status, forced, onDecoderProgress }) {
  const { segmenter, version } = boot;
  const server = createServerDecoder(socket);
  /** @type {import("./capabilities.js").Capabilities|null} */
  let can = null;
  /** @type {LocalKeeper|null} */
  let keeper = null;
  /** @type {'local'|'server'|null} */
  let side = null;
  /** @type {Promise<import("./protocol.js").Graphs>|null} */
  let downloading = null;

  const tuner = createTuner({
    socket,
    server,
    status,
    stage: {
      keeper: () => keeper,
      can: () => can,
      side: () => side,
      automatic: () => forced === null,
      graphs,
      storageKey,
      decide,
    },
  });

  function graphs() {
    downloading ??= download();
    downloading.catch(() => (downloading = null)); // the next start asks again
    return downloading;
  }

  async function download() {
    const [prepare, decoder] = await Promise.all([
      api.download(segmenter.prepare.url), // a thirtieth of the other: no progress to tell
      api.download(segmenter.decoder.url, { expectedBytes: segmenter.decoder.bytes, onProgress: onDecoderProgress }),
    ]);
    return { prepare: new Uint8Array(prepare), decoder: new Uint8Array(decoder) };
  }

  function storageKey() {
    return can ? calibrationKey(version, segmenter.weights, can, navigator.userAgent) : "";
  }

  /**
   * What to run here: asked for, else measured on an earlier visit, else guessed.
   * @returns {import("./calibration.js").Choice}
   */
  function preferred() {
    if (forced === "webgpu") return { where: "webgpu", threads: 1 };
    const known = can && recall(storageKey(), can);
    if (known && !(forced === "wasm" && known.where !== "wasm")) return { where: known.where, threads: known.threads };
    return firstGuess(can?.threads ?? 1);
  }

  const ready = start();
  async function start() {
    if (forced !== "server") void graphs(); // the longest wait begins first
    can = await capabilities();
    const known = forced === null ? recall(storageKey(), can) : null;
    if (known) tuner.recalled(known.rows);
    if (can.worker && forced !== "server") startLocal();
    decide();
  }

  function startLocal() {
    keeper = new LocalKeeper({ choice: preferred(), graphs, onChange });
  }

  function onChange() {
    if (keeper?.state === "failed" && keeper.choice.where === "webgpu") {
      tuner.note({ where: "webgpu", threads: 1, ms: null, parity: false, note: keeper.failure });
      if (forced === "webgpu") forced = null;
      remember(storageKey(), null);
      keeper.change(firstGuess(can?.threads ?? 1)); // wasm computes the same without a graphics card
    }
    const started = keeper?.decoder;
    if (started && forced !== null) tuner.note(rowOf(started, started.warmMs));
    decide();
    if (started) tuner.started();
  }

  function decide() {
    const state = keeper?.state ?? "none";
    const decoder = keeper?.decoder ?? null;
    const { where, threads } = decoder ?? keeper?.choice ?? { where: "wasm", threads: 1 };
    const choice = chooseSide({
      forced,
      current: side,
      local: { state, where, threads, ms: decoder?.knownMs ?? null, failure: keeper?.failure ?? "" },
      server: { reachable: socket.connected, ms: server.ms },
    });
    side = choice.side;
    const here = side === "local";
    update(status, {
      phase: phaseOf(state, here ? state === "ready" : socket.connected),
      where: here ? where : "server",
      threads: here ? threads : 0,
      ms: here ? (decoder?.ms ?? null) : server.ms,
      rttMs: server.ms ?? status.peek().rttMs,
      forced,
      reason: choice.reason,
    });
    return side;
  }

  /**
   * @param {import("./policy.js").Situation['local']['state']} local
   * @param {boolean} able
   *   the chosen side can answer
   */
  function phaseOf(local, able) {
    if (local === "loading" && forced !== "server") return "starting";
    if (!able) return "failed";
    return tuner.calibrating ? "calibrating" : "ready";
  }

  /** @param {Opened} image @param {Prompt} prompt @returns {Promise<Decoded>} */
  async function onServer(image, prompt) {
    const { candidates, best, ms } = await server.decode(image.info, prompt);
    return { candidates, best, ms, where: "server", threads: 0 };
  }

  /**
   * In this browser; on the server when that fails.
   * @param {Opened} image @param {Prompt} prompt @returns {Promise<Decoded>}
   */
  async function locally(image, prompt) {
    await keeper?.started;
    const decoder = keeper?.decoder;
    if (!decoder) return onServer(image, prompt);
    const start = performance.now();
    try {
      const { candidates, best } = await decoder.decode(image, prompt);
      return { candidates, best, where: decoder.where, threads: decoder.threads, ms: performance.now() - start };
    } catch (error) {
      if (error instanceof ApiError) throw error; // the embedding could not be fetched: no fault of the decoder
      if (keeper?.decoder === decoder) keeper.fail(error);
      return keeper?.decoder ? locally(image, prompt) : onServer(image, prompt); // there: a better one replaced it
    }
  }

  const stops = [socket.on("connect", decide), socket.on("disconnect", decide)];

  return {
    /** @param {Opened} image @param {Prompt} prompt @returns {Promise<Decoded>} */
    async decode(image, prompt) {
      await ready;
      try {
        return await tuner.whileWaiting(() => {
          if (decide() === "local") return locally(image, prompt);
          return onServer(image, prompt).catch((error) => {
            if (error instanceof ApiError && error.code === "superseded") throw new Superseded();
            if (!keeper?.decoder || forced === "server") throw error;
            return locally(image, prompt);
          });
        });
      } finally {
        decide();
        if (side === "local" && (keeper?.decoder?.ms ?? 0) > UNNOTICED_MS) void tuner.timeServer();
      }
    },

    /** @returns {Promise<'local'|'server'>} where the embedding will be needed */
    async begun() {
      await ready;
      return keeper ? "local" : "server";
    },

    /** The local decoder is being fetched or started. */
    get loading() {
      return keeper?.state === "loading";
    },

    /**
     * Waits for the local decoder and hands it the embedding; when it fails, the server takes over.
     * @param {Opened} image
     */
    async hold(image) {
      await keeper?.started;
      const decoder = keeper?.decoder;
      try {
        await decoder?.hold(image);
      } catch (error) {
        if (error instanceof ApiError) throw error;
        if (keeper?.decoder === decoder) keeper?.fail(error);
      }
    },

    /** @param {Opened} image  ready for clicks */
    tune(image) {
      void tuner.tune(image);
    },

    /** Null when no worker can. @param {LowRes} lowRes @param {number} width @param {number} height */
    async rle(lowRes, width, height) {
      const decoder = keeper?.decoder;
      try {
        return decoder ? await decoder.rle(lowRes, width, height) : null;
      } catch (error) {
        if (keeper?.decoder === decoder) keeper?.fail(error);
        return null;
      }
    },

    /** @param {Where|null} where */
    force(where) {
      forced = where;
      if (where !== "server" && can?.worker) {
        if (keeper) keeper.change(preferred());
        else startLocal();
      }
      decide();
    },

    close() {
      for (const stop of stops) stop();
      tuner.close();
      keeper?.close();
    },
  };
}
