/** The backends that can decode, which of them does, and moving between them; writes what it knows to `status`. */

import { ApiError, Superseded } from "../core/errors.js";
import { update } from "../core/state.js";
import { calibrate, calibrationKey, firstGuess, recall, remember } from "./calibration.js";
import { capabilities } from "./capabilities.js";
import { LocalKeeper } from "./local-keeper.js";
import { chooseSide, UNNOTICED_MS } from "./policy.js";
import { createServerDecoder } from "./server-decoder.js";

/** @typedef {import("../core/types.js").Prompt} Prompt */
/** @typedef {import("../core/types.js").Decoded} Decoded */
/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").Where} Where */
/** @typedef {import("./local-decoder.js").OpenImage & {info: import("../core/types.js").ImageInfo}} Opened */

const QUIET_MS = 400;
const PROBE_MS = 30_000; // how often the side not in use is timed again

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
  /** @type {Opened|null} */
  let latest = null;
  let calibrated = false;
  let busy = 0; // requests a person waits for
  let lastBusy = 0;
  let serverMeasured = -Infinity;

  /** @type {Promise<Uint8Array>|null} */
  let downloading = null;
  function decoderBytes() {
    downloading ??= api
      .download(segmenter.decoder_url, { expectedBytes: segmenter.decoder_bytes, onProgress: onDecoderProgress })
      .then((bytes) => new Uint8Array(bytes));
    downloading.catch(() => (downloading = null)); // the next start asks again
    return downloading;
  }

  /** @returns {string} */
  const storageKey = () => (can ? calibrationKey(version, segmenter.weights, can) : "");

  /** What to run here: asked for, else measured on an earlier visit, else guessed. */
  function preferred() {
    const most = can?.threads ?? 1;
    const known = can && recall(storageKey(), can);
    if (forced === "webgpu") return { where: /** @type {const} */ ("webgpu"), threads: 1 };
    if (known && !(forced === "wasm" && known.where !== "wasm")) return { where: known.where, threads: known.threads };
    return firstGuess(most);
  }

  const ready = start();
  async function start() {
    can = await capabilities();
    if (!can.worker) return;
    const known = forced === null ? recall(storageKey(), can) : null;
    if (known) {
      update(status, { calibration: known.rows });
      calibrated = true;
    }
    if (forced !== "server") startLocal();
    decide();
  }

  function startLocal() {
    keeper = new LocalKeeper({ choice: preferred(), bytes: decoderBytes, onChange });
  }

  function onChange() {
    if (keeper?.state === "failed" && keeper.choice.where === "webgpu") {
      note({ where: "webgpu", threads: 1, ms: null, parity: false, note: keeper.failure });
      if (forced === "webgpu") forced = null;
      remember(storageKey(), null);
      keeper.change(firstGuess(can?.threads ?? 1)); // wasm computes the same without a graphics card
    }
    decide();
  }

  /** @param {import("../core/types.js").CalibrationRow} row */
  function note(row) {
    const others = status.peek().calibration.filter((other) => other.where !== row.where || other.threads !== row.threads);
    update(status, { calibration: [...others, row] });
  }

  function decide() {
    const choice = chooseSide({
      forced,
      current: side,
      local: {
        state: keeper?.state ?? "none",
        where: keeper?.choice.where ?? "wasm",
        threads: keeper?.decoder?.threads ?? keeper?.choice.threads ?? 1,
        ms: keeper?.decoder?.ms ?? null,
        failure: keeper?.failure ?? "",
      },
      server: { reachable: socket.connected, ms: server.ms },
    });
    side = choice.side;
    const local = side === "local" ? keeper : null;
    const waiting = side === "local" ? keeper?.state !== "ready" : !socket.connected;
    update(status, {
      phase: calibrating ? "calibrating" : waiting ? (keeper?.state === "loading" ? "starting" : "failed") : "ready",
      where: local ? local.choice.where : "server",
      threads: local?.decoder?.threads ?? local?.choice.threads ?? 0,
      ms: local ? (local.decoder?.ms ?? null) : server.ms,
      rttMs: server.ms ?? status.peek().rttMs,
      forced,
      reason: choice.reason,
    });
    return side;
  }

  /** @param {Opened} image @param {Prompt} prompt @returns {Promise<Decoded>} */
  async function onServer(image, prompt) {
    const { candidates, best, ms } = await server.decode(image.info, prompt);
    return { candidates, best, ms, where: "server", threads: 0 };
  }

  /** @param {Opened} image @param {Prompt} prompt @returns {Promise<Decoded>} */
  async function here(image, prompt) {
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
      return onServer(image, prompt);
    }
  }

  /** @param {Opened} image @param {Prompt} prompt @returns {Promise<Decoded>} */
  async function decode(image, prompt) {
    await ready;
    latest = image;
    busy++;
    try {
      if (decide() === "local") return await here(image, prompt);
      return await onServer(image, prompt).catch((error) => {
        if (error instanceof ApiError && error.code === "superseded") throw new Superseded();
        if (!keeper?.decoder || forced === "server") throw error;
        return here(image, prompt);
      });
    } finally {
      busy--;
      lastBusy = performance.now();
      decide();
      if (side === "local" && (keeper?.decoder?.ms ?? 0) > UNNOTICED_MS) void timeServer();
    }
  }

  /** Resolves when nobody has waited for a mask for a moment. */
  async function quiet() {
    while (busy > 0 || performance.now() - lastBusy < QUIET_MS) await new Promise((resolve) => setTimeout(resolve, QUIET_MS / 4));
  }

  /** How long the server takes for a click on the opened image; asked only when it could matter. */
  async function timeServer() {
    if (performance.now() - serverMeasured < PROBE_MS || !socket.connected) return;
    serverMeasured = performance.now();
    try {
      const rttMs = await socket.ping();
      update(status, { rttMs: server.ms ?? rttMs });
      const localMs = keeper?.decoder?.ms ?? Infinity;
      if (!latest || localMs <= UNNOTICED_MS || rttMs >= localMs) return;
      const centre = { x: latest.width / 2, y: latest.height / 2, label: /** @type {const} */ (1) };
      for (let i = 0; i < 2; i++) await server.decode(latest.info, { points: [centre], box: null, feedback: null });
      note({ where: "server", threads: 0, ms: server.ms, parity: null, note: "with the way there and back" });
      decide();
    } catch {
      return; // busy or gone: it stays as it was thought to be
    }
  }

  /** While the server decodes because it is quicker, see whether this browser has become so. */
  const probing = setInterval(() => {
    const decoder = keeper?.decoder;
    if (side !== "server" || forced !== null || !decoder || decoder.client.busy || document.visibilityState !== "visible") return;
    decoder.measure(1).then(decide, (error) => keeper?.fail(error));
  }, PROBE_MS);

  let calibrating = false;
  /** Once a visit, when an image is open and nobody waits: which backend is quickest. @param {Opened} image */
  async function calibrateOnce(image) {
    latest = image;
    if (calibrated || !can || forced !== null || !keeper?.decoder) return void timeServer();
    calibrated = calibrating = true;
    const running = keeper.decoder;
    decide();
    try {
      /** @type {import("../core/types.js").CalibrationRow[]} */
      let rows = [];
      const best = await calibrate({
        running,
        decoder: await decoderBytes(),
        can,
        quiet,
        onRow(all) {
          rows = all;
          update(status, { calibration: all });
        },
      });
      if (best !== running) {
        if (keeper?.decoder === running && forced === null) {
          await best.hold(latest);
          keeper.adopt(best);
        } else best.close();
      }
      remember(storageKey(), { where: best.where, threads: best.threads, rows });
    } catch {
      calibrated = false; // the decoder died on the way: after the next image is opened
    } finally {
      calibrating = false;
      decide();
    }
    await timeServer();
  }

  const stops = [socket.on("connect", decide), socket.on("disconnect", decide)];

  return {
    decode,

    /** @returns {Promise<'local'|'server'>} where the embedding will be needed */
    async begun() {
      await ready;
      return keeper ? "local" : "server";
    },

    /** The local decoder is being fetched or started. */
    get loading() {
      return keeper?.state === "loading";
    },

    /** Waits for the local decoder and hands it the embedding; a decoder that failed is the server's matter. @param {Opened} image */
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

    /** @param {Opened} image */
    calibrate(image) {
      void calibrateOnce(image);
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
      clearInterval(probing);
      for (const stop of stops) stop();
      keeper?.close();
    },
  };
}
