/** Which candidate is shown first and which are offered; mirrors server/domain/selection.py, where it is explained. */

import { extentsOf } from "./extents.js";

/** @typedef {import("../core/types.js").Prompt} Prompt */
/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").Box} Box */
/** @typedef {import("../core/types.js").Resize} Resize */
/** @typedef {import("./frames.js").InputFrame} InputFrame */
/**
 * What ranks the four masks, in token order.
 * @typedef {object} Ratings
 * @property {ArrayLike<number>} predictedIou
 * @property {ArrayLike<number>} stability
 * @property {ArrayLike<number>} areaFraction
 * @property {ArrayLike<number>} agreement  with what was said before, 0 to 1
 */

const SIZE_WEIGHT = 0.03;
const SMALLEST_FRACTION = 1e-6;
const MASK_WEIGHT = 1.3;
const BOX_WEIGHT = 2;
/** Of token 0, for each prompt that was answered: SAM's, SAM 2's. */
const SINGLE_TOKEN_LEAD = Object.freeze({ longest_side: 0.5, square: 0.9 });
const SINGLE_TOKEN_START = 0.1; // where nothing was answered before
const SINGLE_TOKEN = 0;
const AMBIGUOUS_TOKENS = Object.freeze([1, 2, 3]);
const ALL_TOKENS = Object.freeze([SINGLE_TOKEN, ...AMBIGUOUS_TOKENS]);

/**
 * Whether the prompt is one lone point, for which SAM offers three masks.
 * @param {Prompt} prompt
 */
export const isAmbiguous = ({ points, box, feedback }) => box === null && points.length === 1 && feedback === null;

/**
 * The tokens to offer, in the order to show them.
 * @param {Prompt} prompt
 * @returns {readonly number[]}
 */
export const offeredTokens = (prompt) => (isAmbiguous(prompt) ? AMBIGUOUS_TOKENS : ALL_TOKENS);

/**
 * A mask's IoU with the mask that was fed back, else of its bounding box with the prompt's, else 0; counted over the
 * low-res cells that show some of the picture.
 * @param {Prompt} prompt @param {LowRes} lowRes @param {InputFrame} frame
 */
export function agreement({ feedback, box }, lowRes, frame) {
  if (feedback) return maskIou(lowRes, feedback, frame);
  const extent = box && extentsOf(lowRes, frame).all;
  return box && extent ? boxIou(extent, box) : 0;
}

/**
 * The token (0-3) to show first; of equals the one that is offered first.
 * @param {Prompt} prompt @param {Ratings} ratings @param {Resize} resize  of the segmenter @returns {number}
 */
export function defaultToken(prompt, ratings, resize) {
  const score = scoring(prompt, ratings, SINGLE_TOKEN_LEAD[resize]);
  return offeredTokens(prompt).reduce((best, token) => (score(token) > score(best) ? token : best));
}

/** @param {Prompt} prompt @param {Ratings} ratings @param {number} leadEach @returns {(token: number) => number} */
function scoring(prompt, { predictedIou, stability, areaFraction, agreement }, leadEach) {
  if (isAmbiguous(prompt)) {
    const size = (/** @type {number} */ token) => Math.log(Math.max(areaFraction[token], SMALLEST_FRACTION));
    return (token) => predictedIou[token] + stability[token] + SIZE_WEIGHT * size(token);
  }
  const answered = Math.max(1, prompt.points.length + (prompt.box ? 1 : 0) - 1);
  const [weight, lead] = prompt.feedback ? [MASK_WEIGHT, leadEach * answered] : [BOX_WEIGHT, SINGLE_TOKEN_START];
  return (token) => stability[token] + weight * agreement[token] + (token === SINGLE_TOKEN ? lead : 0);
}

/** @param {LowRes} one @param {LowRes} other  perhaps of another extent @param {InputFrame} frame */
function maskIou(one, other, { cellRows, cellCols }) {
  let shared = 0;
  let either = 0;
  for (let row = 0; row < cellRows; row++) {
    for (let column = 0; column < cellCols; column++) {
      const a = one.data[row * one.width + column] > 0;
      const b = other.data[row * other.width + column] > 0;
      if (a && b) shared++;
      if (a || b) either++;
    }
  }
  return shared / Math.max(either, 1);
}

/** Of boxes with an area. @param {Box} one @param {Box} other */
function boxIou(one, other) {
  const width = Math.min(one[2], other[2]) - Math.max(one[0], other[0]);
  const height = Math.min(one[3], other[3]) - Math.max(one[1], other[1]);
  const shared = Math.max(0, width) * Math.max(0, height);
  const areas = [one, other].map(([x0, y0, x1, y1]) => (x1 - x0) * (y1 - y0));
  return shared / (areas[0] + areas[1] - shared);
}
