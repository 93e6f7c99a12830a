/** Decoding by the server over the socket; the same candidates as the worker's. */

import { ApiError, SamphireError, Superseded } from "../core/errors.js";
import { RecentMedian } from "../core/median.js";
import { t } from "../core/text.js";
import { candidatesFrom } from "../geometry/candidates.js";
import { frameUnder } from "../geometry/frames.js";
import { deflate, inflate, packLogits, unpackLogits } from "../net/logits.js";

/** @typedef {import("../core/types.js").Prompt} Prompt */
/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../core/types.js").SegmenterInfo} SegmenterInfo */

const BUSY = new Set(["too_many_requests", "unavailable", "database_busy"]); // the same may succeed in a moment
const PATIENCE_MS = 60_000;
const PAUSES_MS = Object.freeze([500, 1000, 2000, 4000]);

/** @param {import("../net/socket.js").Live} socket @param {readonly number[]} [pausesMs]  before asking a busy server again */
export function createServerDecoder(socket, pausesMs = PAUSES_MS) {
  /** By weights. @type {Map<string, RecentMedian>} */
  const times = new Map();
  let seq = 0;

  /** @param {Omit<import("../net/socket.js").PredictRequest, "seq">} request @param {number} patienceMs */
  async function ask(request, patienceMs) {
    const mine = ++seq;
    const until = performance.now() + patienceMs;
    for (let asked = 0; ; asked++) {
      try {
        return await socket.predict({ ...request, seq: mine }, until - performance.now());
      } catch (error) {
        if (error instanceof ApiError && error.code === "superseded") throw new Superseded();
        const again = error instanceof ApiError && BUSY.has(error.code) && asked < pausesMs.length;
        if (!again || performance.now() + pausesMs[asked] >= until) throw error;
        await new Promise((resolve) => setTimeout(resolve, pausesMs[asked]));
        if (mine !== seq) throw new Superseded();
      }
    }
  }

  return {
    /**
     * Usual milliseconds from asking to having the logits; null before the first.
     * @param {SegmenterInfo} segmenter
     */
    ms: ({ weights }) => times.get(weights)?.value ?? null,

    /**
     * Rejects with `segmenter_replaced` when the server has other weights under the segmenter's id by now.
     * @param {ImageInfo} image @param {SegmenterInfo} segmenter @param {Prompt} prompt
     * @param {number} [patienceMs]  until it is given up, asking a busy server again included
     */
    async decode(image, segmenter, prompt, patienceMs = PATIENCE_MS) {
      const start = performance.now();
      const { feedback, box, within = null } = prompt;
      const mask = feedback && (await deflate(packLogits({ count: 1, ...feedback })));
      const points = prompt.points.map(({ x, y, label }) => /** @type {[number, number, number]} */ ([x, y, label]));
      const said = { points, box, mask_input: mask, window: within && within.key };
      const answer = await ask({ image: image.id, segmenter: segmenter.id, ...said }, patienceMs);
      if (answer.weights !== segmenter.weights) {
        const message = t("The server has a different version of {segmenter} than this page.", { segmenter: segmenter.title });
        throw new SamphireError("segmenter_replaced", message, t("Reload the page to use the new version."));
      }
      const planes = unpackLogits(await inflate(new Uint8Array(answer.logits)));
      const frame = frameUnder(segmenter.resize, prompt, image);
      const { stability_score: stability, area_fraction: areaFraction, agreement } = answer;
      const outcome = candidatesFrom(planes.data, planes, answer.predicted_iou, prompt, frame, { stability, areaFraction, agreement });
      const ms = performance.now() - start;
      const known = times.get(segmenter.weights) ?? new RecentMedian();
      known.add(ms);
      times.set(segmenter.weights, known);
      return { ...outcome, ms };
    },
  };
}

/** @typedef {ReturnType<typeof createServerDecoder>} ServerDecoder */
