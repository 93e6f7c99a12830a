/** Which candidate is shown first and which are offered; mirrors server/domain/selection.py, where it is explained. */

/** @typedef {import("../core/types.js").Prompt} Prompt */

const SIZE_WEIGHT = 0.03;
const SMALLEST_FRACTION = 1e-6;
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
 * @param {Prompt} prompt @returns {readonly number[]}
 */
export const offeredTokens = (prompt) => (isAmbiguous(prompt) ? AMBIGUOUS_TOKENS : ALL_TOKENS);

/**
 * The token (0-3) to show first; all arrays are (4), in token order.
 * @param {Prompt} prompt
 * @param {ArrayLike<number>} predictedIou @param {ArrayLike<number>} stability @param {ArrayLike<number>} areaFraction
 * @returns {number}
 */
export function defaultToken(prompt, predictedIou, stability, areaFraction) {
  if (!isAmbiguous(prompt)) return SINGLE_TOKEN;
  const score = (/** @type {number} */ token) => {
    const size = Math.log(Math.max(areaFraction[token], SMALLEST_FRACTION));
    return predictedIou[token] + stability[token] + SIZE_WEIGHT * size;
  };
  return AMBIGUOUS_TOKENS.reduce((best, token) => (score(token) > score(best) ? token : best));
}
