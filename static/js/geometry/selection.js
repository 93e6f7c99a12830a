/** Which candidate is shown first and which are offered; mirrors server/domain/selection.py, where it is explained. */

/** @typedef {import("../core/types.js").Prompt} Prompt */

const SINGLE = 0;
const AMBIGUOUS = [1, 2, 3];
const AREA_WEIGHT = 0.02;
const SMALLEST = 1e-6;

/** @param {Prompt} prompt */
const isAmbiguous = ({ points, box, feedback }) => points.length === 1 && box === null && feedback === null;

/** @param {Prompt} prompt @param {number[]} iou @param {number[]} stability @param {number[]} area @returns {number} token */
export function defaultToken(prompt, iou, stability, area) {
  if (!isAmbiguous(prompt)) return SINGLE;
  const score = (/** @type {number} */ t) => iou[t] + stability[t] + AREA_WEIGHT * Math.log(Math.max(area[t], SMALLEST));
  return AMBIGUOUS.reduce((best, token) => (score(token) > score(best) ? token : best));
}

/** @param {Prompt} prompt @returns {number[]} */
export function offeredTokens(prompt) {
  return isAmbiguous(prompt) ? AMBIGUOUS : [SINGLE, ...AMBIGUOUS];
}
