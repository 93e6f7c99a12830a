/** The worker that encodes one picture of whose page it is, where there is no server to do it, and is ended with it. */

import { takesCarried } from "../core/address.js";
import { startRuntime } from "../engine/worker/decoder-session.js";
import { encodeEmbedding } from "../engine/worker/embedding-writer.js";
import { INPUT_SIDE, InputFrame } from "../geometry/frames.js";
import { resampled } from "../geometry/resample.js";

/** @typedef {import("../engine/local/encoding.js").Encoder} Encoder */
/** @typedef {import("../engine/local/encoding.js").EncodingRequest} EncodingRequest */
/** @typedef {import("../engine/local/encoding.js").EncodingReply} EncodingReply */
/** @typedef {import("../geometry/resample.js").Picture} Picture */

const CHANNELS = 3;

/** @param {EncodingReply} reply @param {Transferable[]} [transfer] */
const reply = (reply, transfer = []) => postMessage(reply, { transfer });

/** As browsers show it, over white. @param {Blob} file @returns {Promise<Picture|null>} null: it is no picture that this browser knows */
async function pixelsOf(file) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const { width, height } = bitmap;
  const sheet = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!sheet) throw new Error(`no room for ${width} x ${height} pixels`);
  sheet.fillStyle = "#fff";
  sheet.fillRect(0, 0, width, height);
  sheet.drawImage(bitmap, 0, 0);
  bitmap.close();
  return sheet.getImageData(0, 0, width, height);
}

/** What the encoder sees, (1, 3, side, side): scaled, normalised, and only then padded with zeros. @param {Picture} picture @param {Encoder} encoder */
function inputOf(picture, { resize, mean, std }) {
  const frame = new InputFrame(picture.width, picture.height, resize);
  const { data } = resampled(picture, frame.width, frame.height);
  const input = new Float32Array(CHANNELS * INPUT_SIDE * INPUT_SIDE);
  for (let channel = 0; channel < CHANNELS; channel++) {
    for (let y = 0, at = channel; y < frame.height; y++) {
      const row = (channel * INPUT_SIDE + y) * INPUT_SIDE;
      for (let x = 0; x < frame.width; x++, at += 4) input[row + x] = (data[at] - mean[channel]) / std[channel];
    }
  }
  return input;
}

/** From (channels, tokens) to (tokens, channels). @param {Float32Array} values @param {number} tokens @param {number} channels */
function turned(values, tokens, channels) {
  const data = new Float32Array(values.length);
  for (let channel = 0, from = 0; channel < channels; channel++) {
    for (let to = channel; to < data.length; to += channels) data[to] = values[from++];
  }
  return { shape: /** @type {[number, number]} */ ([tokens, channels]), data };
}

/** @param {EncodingRequest} request */
async function encode({ file, graph, encoder, threads }) {
  const picture = await pixelsOf(file);
  if (!picture) return reply({ state: "unread" });
  const { width, height } = picture;
  const { ort } = await startRuntime("wasm", threads);
  const session = await ort.InferenceSession.create(graph, { executionProviders: ["wasm"], graphOptimizationLevel: "all" });
  reply({ state: "encoding" });
  const input = new ort.Tensor("float32", inputOf(picture, encoder), [1, CHANNELS, INPUT_SIDE, INPUT_SIDE]);
  const outputs = await session.run({ [encoder.input]: input });
  const tensors = encoder.tensors.map(({ name, output, grid, channels }) => {
    const values = /** @type {Float32Array} */ (outputs[output].data);
    return [name, turned(values, grid * grid, channels)];
  });
  const container = encodeEmbedding(Object.fromEntries(tensors), { segmenter: encoder.segmenter, weights: encoder.weights, image: [width, height] });
  reply({ state: "encoded", container, width, height }, [container]);
}

addEventListener("message", (/** @type {MessageEvent<EncodingRequest>} */ { data }) => {
  if (takesCarried(data)) return;
  encode(data).catch((/** @type {Error} */ { message }) => reply({ state: "failed", message }));
});
