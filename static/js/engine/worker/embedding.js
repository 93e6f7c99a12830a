/** Reads an embedding's container, laid down in server/domain/embedding_codec.py, to the numbers the decoder takes. */

import { BAD_EMBEDDING } from "../protocol.js";

/**
 * @typedef {object} TensorEntry
 * @property {string} name
 * @property {[number, number]} shape  tokens, channels
 * @property {[number, number]} grid  rows, columns
 * @property {string} predictor
 * @property {number} minimum  this and the next two: byte offsets into the payload
 * @property {number} scale
 * @property {number} data
 */
/** @typedef {{segmenter: string, weights: string, image: [number, number], tensors: TensorEntry[]}} Header */
/**
 * @typedef {{shape: [number, number], data: Float32Array}} TokenTensor
 *   shape: tokens, channels; data row-major over the token grid
 */
/** @typedef {{header: Header, tensors: Record<string, TokenTensor>}} Embedding  tensors by name */

export const MAGIC = 0x424d4553; // "SEMB", little-endian
export const VERSION = 1;
export const HEAD_BYTES = 12;

/** @param {string} message */
const bad = (message) => Object.assign(new Error(message), { code: BAD_EMBEDDING });

/**
 * @param {ArrayBuffer} container
 * @param {Readonly<Record<string, TokenTensor>>} [into]  tensors whose memory may be written to, where the size is the same
 * @returns {Embedding} throws an error with code BAD_EMBEDDING
 */
export function decodeEmbedding(container, into = {}) {
  const view = new DataView(container);
  if (container.byteLength < HEAD_BYTES || view.getUint32(0, true) !== MAGIC) throw bad("This is no embedding.");
  const version = view.getUint16(4, true);
  if (version !== VERSION) throw bad(`This embedding has format ${version}; this page reads format ${VERSION}.`);
  const start = HEAD_BYTES + view.getUint32(8, true);
  try {
    const text = new TextDecoder().decode(new Uint8Array(container, HEAD_BYTES, start - HEAD_BYTES));
    const header = /** @type {Header} */ (JSON.parse(text));
    const tensors = header.tensors.map((entry) => {
      const data = readTensor(container, start, entry, into[entry.name]?.data);
      return /** @type {[string, TokenTensor]} */ ([entry.name, { shape: entry.shape, data }]);
    });
    return { header, tensors: Object.fromEntries(tensors) };
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError) {
      throw bad("The embedding is damaged.");
    }
    throw error;
  }
}

/**
 * @param {ArrayBuffer} container @param {number} start  of the payload @param {TensorEntry} entry @param {Float32Array} [into]
 */
function readTensor(container, start, entry, into) {
  const [tokens, channels] = entry.shape;
  const [rows, columns] = entry.grid;
  if (entry.predictor !== "median") throw bad("The embedding has a tensor that this page cannot read.");
  if (rows * columns !== tokens) throw bad("The embedding's grid and shape disagree.");
  const minimum = new Float32Array(container, start + entry.minimum, channels);
  const scale = new Float32Array(container, start + entry.scale, channels);
  const residuals = new Uint8Array(container, start + entry.data, tokens * channels);
  const values = into?.length === residuals.length ? into : new Float32Array(residuals.length);
  const levels = predicted(residuals, columns, channels);
  for (let at = 0; at < levels.length; at += channels) {
    // Rounded after each step, as NumPy does: both languages hold the same numbers.
    for (let c = 0; c < channels; c++) values[at + c] = Math.fround(levels[at + c] * scale[c]) + minimum[c];
  }
  return values;
}

/**
 * Undoes the prediction from the tokens left, above and above-left: (rows, columns, channels) uint8.
 * @param {Uint8Array} residuals @param {number} columns @param {number} channels
 */
function predicted(residuals, columns, channels) {
  const levels = new Uint8Array(residuals.length); // assignment is modulo 256
  const row = columns * channels;
  levels.set(residuals.subarray(0, channels));
  for (let i = channels; i < row; i++) levels[i] = residuals[i] + levels[i - channels];
  for (let start = row; start < residuals.length; start += row) {
    const inner = start + channels;
    for (let i = start; i < inner; i++) levels[i] = residuals[i] + levels[i - row];
    for (let i = inner; i < start + row; i++) {
      // The median of left, above and left + above - corner, without branches: nobody can predict noise, and with
      // them this takes three times as long. `x & (y >> 31)` is x where y is negative, else 0.
      const left = levels[i - channels];
      const above = levels[i - row];
      const plane = left + above - levels[i - row - channels];
      const smaller = (left - above) & ((left - above) >> 31);
      const low = above + smaller;
      const high = left - smaller;
      const capped = high + ((plane - high) & ((plane - high) >> 31));
      levels[i] = residuals[i] + low + ((capped - low) & ~((capped - low) >> 31));
    }
  }
  return levels;
}
