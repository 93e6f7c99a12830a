/**
 * A prompt as the decoder's tensors, in plain arrays; mirrors server/domain/prompts.py. Knows no runtime and no DOM.
 */

import { maskInput } from "../../geometry/mask-input.js";

/** @typedef {import("../../core/types.js").Prompt} Prompt */
/** @typedef {import("../../geometry/frames.js").InputFrame} InputFrame */
/** @typedef {{data: Float32Array|Int32Array, dims: number[]}} Feed */

const PADDING = -1;
const BOX_TOP_LEFT = 2;
const BOX_BOTTOM_RIGHT = 3;

/**
 * @param {Prompt} prompt  image frame
 * @param {InputFrame} frame
 * @returns {{coords: Float32Array, labels: Float32Array}}  coords (n, 2) in the input frame, labels (n)
 */
export function promptTokens(prompt, frame) {
  /** @type {number[]} */
  const coords = [];
  /** @type {number[]} */
  const labels = [];
  for (const point of prompt.points) {
    coords.push(...frame.toInput(point.x, point.y));
    labels.push(point.label);
  }
  if (prompt.box) {
    const [x0, y0, x1, y1] = prompt.box;
    coords.push(...frame.toInput(x0, y0), ...frame.toInput(x1, y1));
    labels.push(BOX_TOP_LEFT, BOX_BOTTOM_RIGHT);
  } else {
    coords.push(0, 0); // a padding point exactly when there is no box: the decoder was trained so
    labels.push(PADDING);
  }
  return { coords: Float32Array.from(coords), labels: Float32Array.from(labels) };
}

/**
 * Every input of decoder.onnx except the image's own.
 * @param {Prompt} prompt @param {InputFrame} frame
 * @returns {Record<string, Feed>}
 */
export function promptFeeds(prompt, frame) {
  const { coords, labels } = promptTokens(prompt, frame);
  return {
    point_coords: { data: coords, dims: [labels.length, 2] },
    point_labels: { data: labels, dims: [labels.length] },
    mask_input: { data: maskInput(prompt.feedback), dims: [1, 1, 256, 256] },
    has_mask_input: { data: Float32Array.of(prompt.feedback ? 1 : 0), dims: [1] },
    token_extent: { data: Int32Array.of(frame.tokenRows, frame.tokenCols), dims: [2] },
  };
}
