/** onnxruntime-web behind five verbs: start, load, prepare, run, release. Worker only, and alone in knowing the runtime. */

import { staticUrl } from "../../core/address.js";
import { BAD_EMBEDDING } from "../protocol.js";

/** @typedef {typeof import("onnxruntime-web")} Ort */
/** @typedef {import("onnxruntime-web").InferenceSession} Session */
/** @typedef {Record<string, import("onnxruntime-web").Tensor>} Prepared */
/** @typedef {import("./embedding.js").TokenTensor} TokenTensor */
/** @typedef {import("./feeds.js").Feed} Feed */
/** @typedef {import("../protocol.js").Graphs} Graphs */
/** @typedef {{ort: Ort, where: 'wasm'|'webgpu', threads: number}} Runtime */
/**
 * @typedef {{logits: Float32Array, width: number, height: number, predictedIou: Float32Array}} Output
 *   logits (4, height, width)
 */

const VENDOR = "vendor/onnxruntime-web/";
const FLOAT_BYTES = 4; // what decoders take of an image is floats, but for a few numbers

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

/** @param {Prepared} tensors */
export function bytesOf(tensors) {
  return Object.values(tensors).reduce((total, { size }) => total + size * FLOAT_BYTES, 0);
}

/**
 * An ONNX model that hands one number on (Identity, opset 13). The runtime is fetched, compiled and given its threads when
 * its first session is made: with this one that is done while the decoder's files are still on their way. In wasm alone:
 * WebGPU refuses to make two sessions at once.
 */
const LEAST_MODEL = Uint8Array.from(
  atob("CAgSADo3ChAKAWESAWIiCElkZW50aXR5EgFnWg8KAWESCgoICAESBAoCCAFiDwoBYhIKCggIARIECgIIAUIECgAQDQ=="),
  (character) => character.charCodeAt(0),
);

/**
 * Threads are fixed when a runtime starts: another number needs another worker.
 * @param {'wasm'|'webgpu'} where @param {number} threads @returns {Promise<Runtime>}
 */
export async function startRuntime(where, threads) {
  const file = where === "webgpu" ? "ort.webgpu.min.mjs" : "ort.wasm.min.mjs";
  const wasm = where === "webgpu" ? "ort-wasm-simd-threaded.asyncify" : "ort-wasm-simd-threaded";
  const ort = /** @type {Ort} */ (await import(staticUrl(VENDOR + file)));
  const allowed = globalThis.crossOriginIsolated ? threads : 1;
  ort.env.wasm.wasmPaths = { mjs: staticUrl(`${VENDOR}${wasm}.mjs`), wasm: staticUrl(`${VENDOR}${wasm}.wasm`) };
  ort.env.wasm.numThreads = allowed;
  ort.env.logLevel = "error";
  if (where === "wasm") {
    const first = ort.InferenceSession.create(LEAST_MODEL, { executionProviders: ["wasm"] });
    first.then((session) => session.release()).catch(() => {}); // the decoder's session will say what is wrong
  }
  return { ort, where, threads: allowed };
}

/**
 * One segmenter's decoder, in two graphs: see server/modelkit/graphs/decoder_graph.py. What passes from the first to the second
 * is between them. Runs one request at a time.
 */
export class DecoderSession {
  /** @param {Ort} ort @param {Session} first @param {Session} second @param {import("../../core/types.js").Resize} resize */
  constructor(ort, first, second, resize) {
    this.ort = ort;
    this.first = first;
    this.second = second;
    this.resize = resize;
  }

  /** @param {Runtime} runtime @param {Graphs} graphs */
  static async load({ ort, where }, { prepare, decoder, resize }) {
    const options = {
      executionProviders: [where],
      graphOptimizationLevel: /** @type {const} */ ("all"),
      logSeverityLevel: /** @type {const} */ (3), // errors: the environment's level does not reach WebGPU sessions
    };
    const stay = where === "webgpu" ? { preferredOutputLocation: /** @type {const} */ ("gpu-buffer") } : {};
    const first = await ort.InferenceSession.create(prepare, { ...options, ...stay }); // 10 MB need not come back
    try {
      return new DecoderSession(ort, first, await ort.InferenceSession.create(decoder, options), resize);
    } catch (error) {
      await first.release();
      throw error;
    }
  }

  /** Tokens and channels of the tensors it takes of an embedding, by name. @returns {Record<string, [number, number]>} */
  get shapes() {
    const shapes = this.first.inputMetadata.map((input) => {
      const [tokens, channels] = input.isTensor ? input.shape : [];
      return /** @type {[string, [number, number]]} */ ([input.name, [Number(tokens), Number(channels)]]);
    });
    return Object.fromEntries(shapes);
  }

  /**
   * What every prompt on an image needs; to be released.
   * @param {Readonly<Record<string, TokenTensor>>} tensors  of its embedding @returns {Promise<Prepared>}
   */
  async prepare(tensors) {
    /** @type {Prepared} */
    const feeds = {};
    for (const [name, shape] of Object.entries(this.shapes)) {
      const tensor = tensors[name];
      if (tensor?.shape.join() !== shape.join()) {
        const message = `This decoder takes ${name} of ${shape.join(" x ")}, which the embedding lacks.`;
        throw Object.assign(new Error(message), { code: BAD_EMBEDDING });
      }
      feeds[name] = new this.ort.Tensor("float32", tensor.data, shape);
    }
    const outputs = await this.first.run(feeds);
    release(feeds);
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
    const all = { ...prepared, ...prompt };
    const taken = this.second.inputNames.map((name) => [name, all[name]]); // a decoder need not care for all of it
    const outputs = await this.second.run(Object.fromEntries(taken));
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

  async release() {
    await this.first.release();
    await this.second.release();
  }
}
