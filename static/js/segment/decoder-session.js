/** onnxruntime-web behind five verbs: start, load, prepare, run, release. Worker only, and alone in knowing the runtime. */

/** @typedef {typeof import("onnxruntime-web")} Ort */
/** @typedef {import("onnxruntime-web").InferenceSession} Session */
/** @typedef {Record<string, import("onnxruntime-web").Tensor>} Prepared */
/** @typedef {import("./feeds.js").Feed} Feed */
/**
 * @typedef {{logits: Float32Array, width: number, height: number, predictedIou: Float32Array}} Output
 *   logits (4, height, width)
 */

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

/** @param {Prepared} tensors */
export function release(tensors) {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}

/** One runtime with one decoder, in two graphs: see server/inference/decoder_graph.py. Runs one request at a time. */
export class DecoderSession {
  /** @param {Ort} ort @param {'wasm'|'webgpu'} where @param {number} threads */
  constructor(ort, where, threads) {
    this.ort = ort;
    this.where = where;
    this.threads = threads;
    /** @type {{prepare: Session, decoder: Session}|null} */
    this.sessions = null;
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

  /** @param {import("./protocol.js").Graphs} graphs */
  async load({ prepare, decoder }) {
    const options = {
      executionProviders: [this.where],
      graphOptimizationLevel: /** @type {const} */ ("all"),
      logSeverityLevel: /** @type {const} */ (3), // errors: the environment's level does not reach WebGPU sessions
    };
    const stay = this.where === "webgpu" ? { preferredOutputLocation: /** @type {const} */ ("gpu-buffer") } : {};
    this.sessions = {
      prepare: await this.ort.InferenceSession.create(prepare, { ...options, ...stay }), // 10 MB need not come back
      decoder: await this.ort.InferenceSession.create(decoder, options),
    };
  }

  /**
   * What every prompt on an image needs; to be released.
   * @param {Float32Array} imageTokens  (4096, 256) @returns {Promise<Prepared>}
   */
  async prepare(imageTokens) {
    const tokens = new this.ort.Tensor("float32", imageTokens, [TOKENS, CHANNELS]);
    const outputs = await this.#loaded().prepare.run({ image_tokens: tokens });
    tokens.dispose();
    return outputs;
  }

  /**
   * @param {Prepared} prepared @param {Record<string, Feed>} feeds
   * @returns {Promise<Output>}
   */
  async run(prepared, feeds) {
    const { Tensor } = this.ort;
    /** @type {Prepared} */
    const prompt = {};
    for (const [name, { data, dims }] of Object.entries(feeds)) {
      prompt[name] = data instanceof Int32Array ? new Tensor("int32", data, dims) : new Tensor("float32", data, dims);
    }
    const outputs = await this.#loaded().decoder.run({ ...prepared, ...prompt });
    const { low_res_logits: logits, iou_predictions: iou } = outputs;
    const result = {
      logits: /** @type {Float32Array} */ (logits.data),
      height: logits.dims[1],
      width: logits.dims[2],
      predictedIou: /** @type {Float32Array} */ (iou.data),
    };
    release(prompt);
    release(outputs);
    return result;
  }

  #loaded() {
    if (!this.sessions) throw new Error("no decoder is loaded");
    return this.sessions;
  }

  async release() {
    await this.sessions?.prepare.release();
    await this.sessions?.decoder.release();
    this.sessions = null;
  }
}
