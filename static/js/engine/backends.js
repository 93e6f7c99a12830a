/** The backends that can decode, which of them does, and moving between them; writes what it knows to `status`. */

import { ApiError, Superseded } from "../core/errors.js";
import { signal } from "../core/signals.js";
import { update } from "../core/state.js";
import { calibrationKey, firstGuess, knownMs, recall, remember, rowOf } from "./local/calibration.js";
import { graphicsCard, processors } from "./local/capabilities.js";
import { LocalKeeper } from "./local/local-keeper.js";
import { chooseSide, UNNOTICED_MS } from "./policy.js";
import { createServerDecoder } from "./server-decoder.js";
import { createTuner } from "./tuning.js";
import { WorkerRefusal } from "./local/worker-client.js";

/** @typedef {import("../core/types.js").Prompt} Prompt */
/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").SegmenterInfo} SegmenterInfo */
/** @typedef {import("../core/types.js").Segmenters} Segmenters */
/** @typedef {import("../core/types.js").Where} Where */
/** @typedef {Omit<import("../core/types.js").Decoded, 'segmenter'>} Answer */
/**
 * @typedef {import("./local/local-decoder.js").OpenImage & Asked} Opened
 * @typedef {{info: import("../core/types.js").ImageInfo, segmenter: SegmenterInfo, arriving: () => boolean}} Asked
 *   arriving: what this browser needs for it is still on its way
 */

const SERVER_PATIENCE_MS = 4000; // where this browser can answer as well, or will once its decoder is there

/**
 * @param {object} parts
 * @param {import("../net/socket.js").Live} parts.socket
 * @param {string} parts.version
 * @param {import("../core/signals.js").Signal<import("../core/types.js").Status>} parts.status
 * @param {import("../core/signals.js").Signal<Segmenters>} parts.segmenters
 * @param {Where|null} parts.forced
 * @param {(segmenter: SegmenterInfo) => Promise<import("./protocol.js").Graphs>} parts.graphs
 */
export function createBackends({ socket, version, status, segmenters, forced, graphs }) {
  const server = createServerDecoder(socket);
  let can = { ...processors(), webgpu: true }; // until the card has answered: who needs none does not wait for it
  /** @type {LocalKeeper|null} */
  let keeper = null;
  /** @type {'local'|'server'|null} */
  let side = null;
  /** Whether the server answers while this browser is not ready to. */
  const standIn = signal(false);

  const present = () => segmenters.peek().inUse;

  const tuner = createTuner({
    socket,
    server,
    status,
    stage: {
      keeper: () => keeper,
      can: () => can,
      side: () => side,
      automatic: () => forced === null,
      segmenter: present,
      graphs,
      storageKey,
      decide,
    },
  });

  /** @param {SegmenterInfo} segmenter */
  function storageKey({ weights }) {
    return calibrationKey(version, weights, can, navigator.userAgent);
  }

  /** @param {SegmenterInfo} segmenter */
  const recalled = (segmenter) => recall(storageKey(segmenter), can);

  /**
   * What to run here: asked for, else measured on an earlier visit, else guessed.
   * @returns {import("./local/calibration.js").Choice}
   */
  function preferred() {
    if (forced === "webgpu") return { where: "webgpu", threads: 1 };
    const known = recalled(present());
    if (known && !(forced === "wasm" && known.where !== "wasm")) {
      return { where: known.where, threads: known.threads, ms: knownMs(known) };
    }
    return firstGuess(can.threads);
  }

  if (forced !== "server") graphs(present()).catch(() => {}); // the longest wait begins first; the keeper asks again
  const card = graphicsCard().then((webgpu) => void (can = { ...can, webgpu }));
  const ready = begin(preferred().where === "wasm" ? null : card);

  /** @param {Promise<void>|null} first  to be waited for */
  async function begin(first) {
    await first;
    if (forced === null) tuner.begin(present(), recalled(present()));
    for (const segmenter of segmenters.peek().installed) {
      const ms = knownMs(recalled(segmenter));
      if (ms !== null) tellTime(segmenter, ms);
    }
    if (can.worker && forced !== "server") startLocal();
    decide();
  }

  function startLocal() {
    keeper = new LocalKeeper({ choice: preferred(), graphs: () => graphs(present()), onChange });
  }

  function onChange() {
    if (keeper?.state === "failed" && keeper.choice.where === "webgpu") {
      tuner.note({ where: "webgpu", threads: 1, ms: null, parity: false, note: keeper.failure });
      remember(storageKey(present()), null);
      leaveWebgpu();
    }
    const started = keeper?.decoder;
    const speed = started?.speed(present().weights);
    if (started && speed?.warmMs && forced !== null) tuner.note(rowOf(started, speed.warmMs));
    decide();
    if (started) tuner.started();
  }

  /** Wasm computes the same without a graphics card. */
  function leaveWebgpu() {
    if (forced === "webgpu") forced = null;
    keeper?.change(firstGuess(can.threads));
  }

  function decide() {
    const segmenter = present();
    const state = keeper?.state ?? "none";
    const decoder = keeper?.decoder ?? null;
    const speed = decoder?.speed(segmenter.weights) ?? null;
    const { where, threads } = decoder ?? keeper?.choice ?? { where: "wasm", threads: 1 };
    const choice = chooseSide({
      forced,
      current: side,
      local: { state, where, threads, ms: speed?.knownMs ?? null, failure: keeper?.failure ?? "" },
      server: { reachable: socket.connected, ms: server.ms(segmenter) },
    });
    side = choice.side;
    standIn.value = socket.connected && (forced === null || forced === "server");
    const here = side === "local";
    update(status, {
      phase: phaseOf(state, here ? state === "ready" : socket.connected),
      where: here ? where : "server",
      threads: here ? threads : 0,
      ms: here ? (speed?.ms ?? null) : server.ms(segmenter),
      forced,
      reason: choice.reason,
    });
    if (speed?.ms) tellTime(segmenter, speed.ms);
    return side;
  }

  /** @param {SegmenterInfo} segmenter @param {number} ms */
  function tellTime({ weights }, ms) {
    const { decodeMs } = segmenters.peek();
    if (Math.round(decodeMs[weights]) === Math.round(ms)) return; // what is shown stays the same
    update(segmenters, { decodeMs: { ...decodeMs, [weights]: ms } });
  }

  /** @param {import("./policy.js").Situation['local']['state']} local @param {boolean} able  the chosen side can answer */
  function phaseOf(local, able) {
    if (local === "loading" && forced !== "server") return "starting";
    if (!able) return "failed";
    return tuner.calibrating ? "calibrating" : "ready";
  }

  /** @param {Opened} image @param {Prompt} prompt @param {number} [patienceMs] @returns {Promise<Answer>} */
  async function onServer(image, prompt, patienceMs) {
    const { candidates, best, ms } = await server.decode(image.info, image.segmenter, prompt, patienceMs);
    return { candidates, best, ms, where: "server", threads: 0 };
  }

  /** On the server; when that fails or takes too long, here as soon as it can be. @param {Opened} image @param {Prompt} prompt @returns {Promise<Answer>} */
  function there(image, prompt) {
    const hasOther = keeper !== null && keeper.state !== "failed" && forced !== "server";
    return onServer(image, prompt, hasOther ? SERVER_PATIENCE_MS : undefined).catch((error) => {
      if (!hasOther || error instanceof Superseded) throw error;
      return locally(image, prompt);
    });
  }

  /**
   * In this browser; on the server when that fails.
   * @param {Opened} image @param {Prompt} prompt @returns {Promise<Answer>}
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

  /** @param {Opened} image */
  async function hold(image) {
    await keeper?.started;
    const decoder = keeper?.decoder;
    try {
      if (decoder && !decoder.speed(image.weights)) keeper?.expectGrowth();
      await decoder?.hold(image);
    } catch (error) {
      if (error instanceof ApiError) throw error;
      const another = image.weights !== present().weights;
      if (keeper?.decoder === decoder && !(another && error instanceof WorkerRefusal)) {
        if (another && decoder?.where === "webgpu") {
          leaveWebgpu(); // what was measured of the present one stays true
          return hold(image);
        }
        keeper?.fail(error);
      }
      if (another) throw error;
    }
  }

  const stops = [socket.on("connect", decide), socket.on("disconnect", decide)];

  return {
    standIn,

    /** @param {Opened} image @param {Prompt} prompt @returns {Promise<Answer>} */
    async decode(image, prompt) {
      await ready;
      try {
        return await tuner.whileWaiting(() => {
          const here = decide() === "local" && !(standIn.peek() && image.arriving());
          return here ? locally(image, prompt) : there(image, prompt);
        });
      } finally {
        decide();
        const localMs = keeper?.decoder?.speed(image.weights)?.ms ?? 0;
        if (side === "local" && localMs > UNNOTICED_MS) void tuner.timeServer();
      }
    },

    /** @returns {Promise<'local'|'server'>} where the embedding will be needed */
    async begun() {
      await ready;
      return keeper ? "local" : "server";
    },

    /** The segmenter's decoder is still to be fetched or started. @param {SegmenterInfo} segmenter */
    loading: ({ weights }) => keeper?.state === "loading" || (keeper?.decoder?.speed(weights) ?? null) === null,

    /**
     * Waits for the local decoder and hands it the embedding. When it fails the server takes over; but a segmenter that is
     * not in use yet is given up then, with that error, unless it was WebGPU that failed: wasm gets it next.
     */
    hold,

    /** The segmenter in use is another one. */
    changed() {
      const known = forced === null ? recalled(present()) : null;
      const running = keeper?.decoder;
      const runs = running && known?.where === running.where && known.threads === running.threads;
      tuner.begin(present(), runs ? known : null);
      const ms = running?.speed(present().weights)?.ms;
      if (running && ms && forced !== null) tuner.note(rowOf(running, ms));
      decide();
    },

    /** @param {Opened} image  ready for clicks */
    tune(image) {
      void card.then(() => tuner.tune(image));
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
      if (where !== "server" && can.worker) {
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
