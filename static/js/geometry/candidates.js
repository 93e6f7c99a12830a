/** What the decoder answered, as candidates in the order a person is offered them. */

import { agreement, defaultToken, offeredTokens } from "./selection.js";

/** @typedef {import("../core/types.js").Prompt} Prompt */
/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").Candidate} Candidate */
/** @typedef {import("./frames.js").InputFrame} InputFrame */

const OFFSET = 1; // logits away from 0 at which stability compares the mask with itself

/** @typedef {Omit<import("./selection.js").Ratings, "predictedIou">} Measured */

/**
 * @param {Float32Array} logits  (4, height, width) low-res frame, row-major
 * @param {{width: number, height: number}} size  of each plane
 * @param {ArrayLike<number>} predictedIou  (4)
 * @param {Prompt} prompt @param {InputFrame} frame  of the image, or of the prompt's window
 * @param {Measured|null} [measured]  taken elsewhere, on logits that were finer; else they are measured here
 * @returns {{candidates: Candidate[], best: number}}
 */
export function candidatesFrom(logits, { width, height }, predictedIou, prompt, frame, measured = null) {
  const area = width * height;
  const { within = null } = prompt;
  const planes = Array.from(predictedIou, (_, token) => {
    return { width, height, data: logits.slice(token * area, (token + 1) * area), resize: frame.resize, within };
  });
  const { stability, areaFraction, agreement } = measured ?? measure(planes, prompt, frame);
  const ratings = { predictedIou, stability, areaFraction, agreement };
  const chosen = defaultToken(prompt, ratings, frame.resize);
  const order = offeredTokens(prompt);
  const candidates = order.map((token) => ({
    token,
    lowRes: planes[token],
    predictedIou: predictedIou[token],
    stability: stability[token],
    areaFraction: areaFraction[token],
  }));
  return { candidates, best: order.indexOf(chosen) };
}

/** @param {LowRes[]} planes @param {Prompt} prompt @param {InputFrame} frame @returns {Measured} */
function measure(planes, prompt, frame) {
  const counted = planes.map((lowRes) => statistics(lowRes, frame));
  return {
    stability: counted.map(({ stability }) => stability),
    areaFraction: counted.map(({ areaFraction }) => areaFraction),
    agreement: planes.map((lowRes) => agreement(prompt, lowRes, frame)),
  };
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
