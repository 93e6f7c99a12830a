/**
 * Measures what could decode while nobody waits: backends of this browser once in a while, the server when it matters.
 */

import { update } from "../core/state.js";
import { t } from "../core/text.js";
import { calibrate, remember } from "./local/calibration.js";
import { UNNOTICED_MS } from "./policy.js";

/** @typedef {import("../core/types.js").CalibrationRow} CalibrationRow */
/** @typedef {import("../core/types.js").SegmenterInfo} SegmenterInfo */
/** @typedef {import("./backends.js").Opened} Opened */
/**
 * What is tuned; read anew each time, since all of it changes.
 * @typedef {object} Stage
 * @property {() => import("./local/local-keeper.js").LocalKeeper|null} keeper
 * @property {() => import("./local/capabilities.js").Capabilities} can
 * @property {() => 'local'|'server'|null} side
 * @property {() => boolean} automatic  nobody forces a side
 * @property {() => SegmenterInfo} segmenter
 * @property {(segmenter: SegmenterInfo) => Promise<import("./protocol.js").Graphs>} graphs
 * @property {(segmenter: SegmenterInfo) => string} storageKey
 * @property {() => void} decide  look again where prompts should go
 */

const PROBE_MS = 30_000; // how often the side not in use is timed again

/**
 * @param {object} parts
 * @param {import("../net/socket.js").Live} parts.socket
 * @param {import("./server-decoder.js").ServerDecoder} parts.server
 * @param {import("../core/signals.js").Signal<import("../core/types.js").Status>} parts.status
 * @param {Stage} parts.stage
 */
export function createTuner({ socket, server, status, stage }) {
  /** @type {Opened|null} */
  let opened = null;
  /** Weights of the segmenters whose backends were compared, or need not be. @type {Set<string>} */
  const measured = new Set();
  let calibrating = false;
  let waiting = 0; // masks a person waits for
  let lastWaited = 0;
  let serverTimed = -Infinity;

  /** Resolves when nobody has waited for a mask for so long. @param {number} ms */
  async function quiet(ms) {
    while (waiting > 0 || performance.now() - lastWaited < ms) await new Promise((resolve) => setTimeout(resolve, 100));
  }

  /** @param {CalibrationRow} row */
  function note(row) {
    const same = (/** @type {CalibrationRow} */ other) => other.where === row.where && other.threads === row.threads;
    update(status, { calibration: [...status.peek().calibration.filter((other) => !same(other)), row] });
  }

  /** @param {SegmenterInfo} segmenter */
  const inUse = ({ weights }) => stage.segmenter().weights === weights;

  /** Which of this browser's backends is quickest; the running one serves meanwhile. */
  async function tryBackends() {
    const [keeper, can] = [stage.keeper(), stage.can()];
    const running = keeper?.decoder;
    const segmenter = stage.segmenter();
    if (calibrating || measured.has(segmenter.weights) || !running || !stage.automatic()) return;
    measured.add(segmenter.weights);
    calibrating = true;
    stage.decide();
    try {
      /** @type {CalibrationRow[]} */
      const rows = [];
      const graphs = await stage.graphs(segmenter);
      const onRow = (/** @type {CalibrationRow} */ row) => {
        rows.push(row);
        if (inUse(segmenter)) note(row);
      };
      const best = await calibrate({ running, graphs, can, quiet, onRow });
      if (best !== running) {
        const stale = keeper.decoder !== running || !inUse(segmenter);
        if (stale || !stage.automatic()) return best.close();
        if (opened) await best.hold(opened);
        keeper.adopt(best);
      }
      remember(stage.storageKey(segmenter), { where: best.where, threads: best.threads, rows });
    } catch {
      return; // the decoder died on the way: the next visit measures
    } finally {
      calibrating = false;
      stage.decide();
    }
  }

  /** How long the server takes for a click on the opened image; the click is asked for only when it could win. */
  async function timeServer() {
    if (performance.now() - serverTimed < PROBE_MS || !socket.connected) return;
    serverTimed = performance.now();
    const segmenter = stage.segmenter();
    try {
      const pingMs = await socket.ping();
      update(status, { rttMs: pingMs });
      const localMs = stage.keeper()?.decoder?.speed(segmenter.weights)?.ms ?? Infinity;
      if (!opened || !stage.automatic() || localMs <= UNNOTICED_MS || pingMs >= localMs) return;
      const centre = { x: opened.width / 2, y: opened.height / 2, label: /** @type {const} */ (1) };
      const prompt = { points: [centre], box: null, feedback: null };
      for (let i = 0; i < 2; i++) await server.decode(opened.info, segmenter, prompt);
      if (!inUse(segmenter)) return;
      note({ where: "server", threads: 0, ms: server.ms(segmenter), parity: null, note: t("including the round trip") });
      stage.decide();
    } catch {
      return; // busy or gone: it stays as slow as it was thought to be
    }
  }

  /** While the server decodes because it is quicker: whether this browser has become so. */
  const probing = setInterval(() => {
    const keeper = stage.keeper();
    const decoder = keeper?.decoder;
    if (stage.side() !== "server" || !stage.automatic() || !decoder || decoder.client.busy) return;
    const { weights } = stage.segmenter();
    if (document.visibilityState !== "visible" || !decoder.speed(weights)) return;
    decoder.measure(weights).then(stage.decide, (error) => {
      if (stage.keeper()?.decoder === decoder) keeper.fail(error); // else another one runs by now
    });
  }, PROBE_MS);

  return {
    note,
    timeServer,

    get calibrating() {
      return calibrating;
    },

    /**
     * Another segmenter's masks take another time.
     * @param {SegmenterInfo} segmenter @param {import("./local/calibration.js").Remembered|null} known
     *   an earlier measurement, of what runs now
     */
    begin({ weights }, known) {
      serverTimed = -Infinity;
      if (known) measured.add(weights);
      update(status, { calibration: known?.rows ?? [] });
    },

    /** An image is ready: measure what is not known yet. @param {Opened} image */
    async tune(image) {
      opened = image;
      lastWaited = performance.now(); // the first click may come any moment
      await tryBackends();
      await timeServer();
    },

    /** A local decoder has started, perhaps only after an image was ready. */
    started() {
      if (opened) void tryBackends();
    },

    /** Runs what a person waits for; measurements stand back. @template T @param {() => Promise<T>} run */
    async whileWaiting(run) {
      waiting++;
      try {
        return await run();
      } finally {
        waiting--;
        lastWaited = performance.now();
      }
    },

    close() {
      clearInterval(probing);
    },
  };
}
