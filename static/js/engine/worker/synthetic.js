/** A made-up embedding and prompt: for warming up, measuring speed and comparing backends before any image is there. */

import { InputFrame } from "../../geometry/frames.js";

/** @typedef {import("../../core/types.js").Prompt} Prompt */
/** @typedef {import("./embedding.js").TokenTensor} TokenTensor */

/** Of 3:2, the commonest photograph. @param {import("../../core/types.js").Resize} resize */
export const syntheticFrame = (resize) => new InputFrame(1024, 683, resize);

/** @type {Prompt} */
export const PROMPT = Object.freeze({ points: [{ x: 512.5, y: 341.5, label: 1 }], box: null, feedback: null });

/**
 * An embedding of any segmenter.
 * @param {Readonly<Record<string, readonly [number, number]>>} shapes  tokens, channels of each tensor
 * @returns {Record<string, TokenTensor>}
 */
export function syntheticTensors(shapes) {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, [tokens, channels]]) => [
      name,
      { shape: [tokens, channels], data: syntheticTokens(tokens, channels) },
    ]),
  );
}

/**
 * The same numbers in every browser, of the size and smoothness real tokens have: a few waves and some noise.
 * @param {number} tokens @param {number} channels @returns {Float32Array} (tokens, channels)
 */
function syntheticTokens(tokens, channels) {
  const data = new Float32Array(tokens * channels);
  const side = Math.sqrt(tokens);
  let seed = 1;
  for (let token = 0, at = 0; token < tokens; token++) {
    const x = (token % side) / side;
    const y = Math.floor(token / side) / side;
    for (let channel = 0; channel < channels; channel++, at++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const wave = Math.sin(6.3 * x * (1 + (channel % 5))) * Math.cos(6.3 * y * (1 + (channel % 3)));
      data[at] = 0.12 * wave + 0.06 * (seed / 2 ** 31 - 1);
    }
  }
  return data;
}
