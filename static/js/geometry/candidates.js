/** What the decoder answered, as candidates in the order a person is offered them. */

import { defaultToken, offeredTokens } from "./selection.js";

/** @typedef {import("../core/types.js").Prompt} Prompt */
/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").Candidate} Candidate */
/** @typedef {import("./frames.js").InputFrame} InputFrame */

const OFFSET = 1; // logits away from 0 at which stability compares the mask with itself

/** @typedef {{stability: ArrayLike<number>, areaFraction: ArrayLike<number>}} Ratings  (4) each */

/**
 * @param {Float32Array} logits  (4, height, width) low-res frame, row-major
 * @param {{width: number, height: number}} size  of each plane
 * @param {ArrayLike<number>} predictedIou  (4)
 * @param {Prompt} prompt @param {InputFrame} frame
 * @param {Ratings|null} [ratings]  measured elsewhere, on logits that were finer; else they are measured here
 * @returns {{candidates: Candidate[], best: number}}
 */
export function candidatesFrom(logits, { width, height }, predictedIou, prompt, frame, ratings = null) {
  const area = width * height;
  const all = Array.from(predictedIou, (iou, token) => {
    const lowRes = { width, height, data: logits.slice(token * area, (token + 1) * area), resize: frame.resize };
    const { stability, areaFraction } = ratings
      ? { stability: ratings.stability[token], areaFraction: ratings.areaFraction[token] }
      : statistics(lowRes, frame);
    return { token, lowRes, predictedIou: iou, stability, areaFraction };
  });
  const chosen = defaultToken(
    prompt,
    all.map((candidate) => candidate.predictedIou),
    all.map((candidate) => candidate.stability),
    all.map((candidate) => candidate.areaFraction),
  );
  const order = offeredTokens(prompt);
  return { candidates: order.map((token) => all[token]), best: order.indexOf(chosen) };
}

/**
 * Counted over the low-res cells that show some of the picture.
 * @param {LowRes} lowRes @param {InputFrame} frame @returns {{stability: number, areaFraction: number}}
 */
export function statistics({ width, data }, frame) {
  let inner = 0;
  let outer = 0;
  let inside = 0;
  for (let row = 0; row < frame.cellRows; row++) {
    for (let at = row * width, end = at + frame.cellCols; at < end; at++) {
      const logit = data[at];
      if (logit > -OFFSET) outer++;
      if (logit > 0) inside++;
      if (logit > OFFSET) inner++;
    }
  }
  return { stability: inner / Math.max(outer, 1), areaFraction: inside / (frame.cellRows * frame.cellCols) };
}
