/** A candidate's logits as the decoder's mask input; mirrors `mask_input_from_logits` in server/domain/masks.py. */

import { LOW_RES_SIDE } from "./frames.js";

const NONE = new Float32Array(LOW_RES_SIDE * LOW_RES_SIDE);

/**
 * Outside the decoded extent, all padding, the nearest decoded logit is repeated: zeros would be a contour.
 * @param {import("../core/types.js").LowRes|null} feedback @returns {Float32Array} (256, 256), not to be written to
 */
export function maskInput(feedback) {
  if (!feedback) return NONE;
  const { width, height, data } = feedback;
  const full = new Float32Array(LOW_RES_SIDE * LOW_RES_SIDE);
  for (let row = 0; row < LOW_RES_SIDE; row++) {
    const start = row * LOW_RES_SIDE;
    const end = (Math.min(row, height - 1) + 1) * width;
    full.set(data.subarray(end - width, end), start);
    full.fill(data[end - 1], start + width, start + LOW_RES_SIDE);
  }
  return full;
}
