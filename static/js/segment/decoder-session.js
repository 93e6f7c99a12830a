/** onnxruntime-web behind four verbs: start, load, run, release. Worker only; the one file that knows the runtime. */

import { LOW_RES_SIDE } from "../geometry/frames.js";

/** @typedef {typeof import("onnxruntime-web")} Ort */
/** @typedef {import("./feeds.js").Feed} Feed */
/** @typedef {{logits: Float32Array, width: number, height: number, predictedIou: Float32Array}} Output  logits (4, height, width) */

const VENDOR = new URL("../../vendor/onnxruntime-web/", import.meta.url).href;
export const TOKENS = 4096;
export const CHANNELS = 256;

/** Every wasm memory the runtime makes, to tell when it has grown: it never shrinks. @type {WebAssembly.Memory[]} */
const memories = [];
WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
  construct(target, [descriptor]) {
    const memory = new target(descriptor);
    memories.push(memory);
    return memory;
  },
});

/** Bytes of wasm memory this worker holds. */
export const wasmBytes = () => memories.reduce((total, memory) => total + memory.buffer.byteLength, 0);

/** One runtime with one decoder. Runs one request at a time: callers queue. */
export class DecoderSession {
  /** @param {Ort} ort @param {'wasm'|'webgpu'} where @param {number} threads */
  constructor(ort, where, threads) {
    this.ort = ort;
    this.where = where;
    this.threads = threads;
    /** @type {import("onnxruntime-web").InferenceSession|null} */
    this.session = null;
  }

  /**
   * Threads are fixed when a runtime starts: another number needs another worker.
   * @param {'wasm'|'webgpu'} where @param {number} threads
   */
  static async start(where, threads) {
    const file = where === "webgpu" ? "ort.webgpu.min.mjs" : "ort.wasm.min.mjs";
    const ort = /** @type {Ort} */ (await import(VENDOR + file));
    const allowed = globalThis.crossOriginIsolated ? threads : 1;
    ort.env.wasm.wasmPaths = VENDOR;
    ort.env.wasm.numThreads = allowed;
    ort.env.logLevel = "error";
    return new DecoderSession(ort, where, allowed);
  }

  /** @param {Uint8Array} decoder  bytes of decoder.onnx @param {'wasm'|'webgpu'} [provider] */
  async load(decoder, provider = this.where) {
    await this.release();
    this.session = await this.ort.InferenceSession.create(decoder, {
      executionProviders: [provider],
      graphOptimizationLevel: "all",
    });
  }

  /**
   * @param {Float32Array} imageTokens  (4096, 256) @param {Record<string, Feed>} feeds
   * @returns {Promise<Output>}
   */
  async run(imageTokens, feeds) {
    if (!this.session) throw new Error("no decoder is loaded");
    const { Tensor } = this.ort;
    /** @type {Record<string, import("onnxruntime-web").Tensor>} */
    const inputs = { image_tokens: new Tensor("float32", imageTokens, [TOKENS, CHANNELS]) };
    for (const [name, { data, dims }] of Object.entries(feeds)) {
      inputs[name] = data instanceof Int32Array ? new Tensor("int32", data, dims) : new Tensor("float32", data, dims);
    }
    const outputs = await this.session.run(inputs);
    const { low_res_logits: logits, iou_predictions: iou } = outputs;
    const result = {
      logits: /** @type {Float32Array} */ (logits.data),
      height: Math.min(logits.dims[1], LOW_RES_SIDE),
      width: Math.min(logits.dims[2], LOW_RES_SIDE),
      predictedIou: /** @type {Float32Array} */ (iou.data),
    };
    for (const tensor of Object.values(inputs)) tensor.dispose();
    logits.dispose();
    iou.dispose();
    return result;
  }

  async release() {
    await this.session?.release();
    this.session = null;
  }
}
