/** Proposals without the server's generator, while it is busy or away: a coarse grid through the page's own decoder. */

import { newId } from "../../../core/ids.js";
import { covers } from "../../../editor/picking.js";
import { alike } from "./choosing.js";

/** @typedef {import("../../../core/api-types.js").Proposal} Proposal */
/** @typedef {import("../../../core/api-types.js").ProposalNews} ProposalNews */

const SIDE = 12;
const SMALL = 0.03; // of the image: a mask so small is one object, and another point on it finds it again

/**
 * As a run's news.
 * @param {Pick<import("../../../document/document.js").Document, "image"|"segmenters"|"glance"|"maskRle">} doc
 * @param {{pred_iou_thresh: number, stability_score_thresh: number, box_nms_thresh: number}} wanted
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<ProposalNews>}
 */
export async function* proposeHere({ image, segmenters, glance, maskRle }, wanted, signal) {
  const { width = 0, height = 0 } = image.peek() ?? {};
  const { id: segmenter, weights } = segmenters.peek().inUse;
  /** @type {Proposal[]} */
  const kept = [];
  const crop = /** @type {[number, number, number, number]} */ ([0, 0, width, height]);
  for (let i = 0; i < SIDE * SIDE && !signal.aborted; i++) {
    const x = (((i % SIDE) + 0.5) * width) / SIDE;
    const y = ((Math.floor(i / SIDE) + 0.5) * height) / SIDE;
    /** @type {Proposal[]} */
    const found = [];
    const known = kept.some(({ area, rle }) => area < SMALL * width * height && covers(rle, { x, y }));
    // What a person asks for meanwhile goes first, and gives this point up.
    const answer = known ? null : await glance({ points: [{ x, y, label: 1 }], box: null, feedback: null }).catch(() => null);
    for (const { token, lowRes, predictedIou, stability } of answer?.candidates ?? []) {
      if (!token || predictedIou < wanted.pred_iou_thresh || stability < wanted.stability_score_thresh) continue;
      const mask = await maskRle(lowRes);
      if (!mask.area || kept.some((other) => alike(other.bbox, mask.bbox) > wanted.box_nms_thresh)) continue;
      const made = { id: newId(), ...mask, predicted_iou: predictedIou, stability_score: stability, point: [x, y], crop_box: crop };
      kept.push(made);
      found.push(made);
    }
    yield { state: "running", progress: (i + 1) / (SIDE * SIDE), found, segmenter, weights };
  }
  yield { state: "complete", progress: 1, found: [], segmenter, weights, kept: kept.map(({ id }) => id) };
}
