/** A candidate's logits as the decoder's mask input; mirrors `mask_input_from_logits` in server/domain/masks.py. */

import { LOW_RES_SIDE } from "./frames.js";

const NONE = new Float32Array(LOW_RES_SIDE * LOW_RES_SIDE);

/** @param {import("../core/types.js").LowRes|null} feedback @returns {Float32Array} (256, 256) */
export function maskInput(feedback) {
  if (!feedback) return NONE;
  const { width, height, data } = feedback;
  const full = new Float32Array(LOW_RES_SIDE * LOW_RES_SIDE).fill(-8);
  for (let row = 0; row < height; row++) full.set(data.subarray(row * width, (row + 1) * width), row * LOW_RES_SIDE);
  return full;
}
