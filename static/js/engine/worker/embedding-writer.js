/** Writes an embedding's container, laid down in server/domain/embedding_codec.py: what `embedding.js` reads. */

import { HEAD_BYTES, MAGIC, VERSION } from "./embedding.js";

/** @typedef {import("./embedding.js").TokenTensor} TokenTensor */

const LEVELS = 255;
const ALIGN = 16;

/** @param {number} length */
const aligned = (length) => Math.ceil(length / ALIGN) * ALIGN;

/**
 * @param {Readonly<Record<string, TokenTensor>>} tensors  over square grids
 * @param {{segmenter: string, weights: string, image: [number, number]}} of  image: width and height, pixels
 * @returns {ArrayBuffer}
 */
export function encodeEmbedding(tensors, of) {
  /** @type {ArrayBufferView[]} */
  const parts = [];
  let end = 0; // of the payload
  const append = (/** @type {ArrayBufferView} */ part) => {
    parts.push(part);
    const start = end;
    end = aligned(start + part.byteLength);
    return start;
  };
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    const side = Math.sqrt(shape[0]);
    const { minimum, scale, levels } = levelled(data, shape[1]);
    const [first, second, third] = [minimum, scale, residualsOf(levels, side, shape[1])].map(append);
    return { name, shape, grid: [side, side], predictor: "median", minimum: first, scale: second, data: third };
  });
  const header = new TextEncoder().encode(JSON.stringify({ ...of, tensors: entries }));
  const start = aligned(HEAD_BYTES + header.length);
  const container = new Uint8Array(start + end);
  const view = new DataView(container.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint32(8, start - HEAD_BYTES, true);
  container.fill(" ".charCodeAt(0), HEAD_BYTES, start).set(header, HEAD_BYTES);
  let at = start;
  for (const { buffer, byteOffset, byteLength } of parts) {
    container.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += aligned(byteLength);
  }
  return container.buffer;
}

/** Each channel in 8 bits; rounded after each step, as NumPy does. @param {Float32Array} data @param {number} channels */
function levelled(data, channels) {
  const minimum = data.slice(0, channels);
  const maximum = data.slice(0, channels);
  for (let at = 0; at < data.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      minimum[c] = Math.min(minimum[c], data[at + c]);
      maximum[c] = Math.max(maximum[c], data[at + c]);
    }
  }
  const scale = maximum.map((most, c) => (most > minimum[c] ? Math.fround(most - minimum[c]) / LEVELS : 1));
  const levels = new Uint8ClampedArray(data.length); // rounds what is assigned, halves to even
  for (let at = 0; at < data.length; at += channels) {
    for (let c = 0; c < channels; c++) levels[at + c] = Math.fround(Math.fround(data[at + c] - minimum[c]) / scale[c]);
  }
  return { minimum, scale, levels };
}

/** Less their prediction, modulo 256. @param {Uint8ClampedArray} levels @param {number} side @param {number} channels */
function residualsOf(levels, side, channels) {
  const residuals = new Uint8Array(levels.length); // assignment is modulo 256
  const row = side * channels;
  for (let i = 0; i < levels.length; i++) {
    const left = i % row >= channels ? levels[i - channels] : null;
    const above = i >= row ? levels[i - row] : null;
    residuals[i] = levels[i] - (left === null || above === null ? (left ?? above ?? 0) : median(left, above, left + above - levels[i - row - channels]));
  }
  return residuals;
}

/** @param {number} a @param {number} b @param {number} c */
const median = (a, b, c) => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
