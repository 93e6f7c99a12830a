/** One started decoder in one worker: knows its speed, what it holds, and when it is overdue. */

import { DecoderFailed } from "../core/errors.js";
import { RecentMedian } from "../core/median.js";
import { BAD_EMBEDDING, NO_EMBEDDING } from "./protocol.js";
import { WorkerClient, WorkerRefusal } from "./worker-client.js";

/** @typedef {import("../core/types.js").Prompt} Prompt */
/** @typedef {import("../core/types.js").LowRes} LowRes */
/**
 * @typedef {object} OpenImage
 * @property {string} key  of the embedding
 * @property {string} weights  of the segmenter it was made with
 * @property {number} width
 * @property {number} height  image pixels
 * @property {() => Promise<ArrayBuffer>} container  the embedding's bytes, from wherever they are nearest
 * @property {() => Promise<void>} damaged  those bytes are no embedding: forget them
 */

const START_LIMIT_MS = 120_000; // a slow network loads 14 MB of wasm in this time
const SHORTEST_LIMIT_MS = 2_000;
const LIMIT_IN_MEDIANS = 8;
const ENOUGH = 3;
const WORST_PARITY = 0.05; // logits; wrong kernels are off by whole units

export class LocalDecoder {
  /** @param {WorkerClient} client @param {'wasm'|'webgpu'} where @param {number} threads @param {number} warmMs */
  constructor(client, where, threads, warmMs) {
    this.client = client;
    this.where = where;
    this.threads = threads;
    this.times = new RecentMedian();
    this.warmMs = warmMs;
  }

  /**
   * @param {'wasm'|'webgpu'} where @param {number} threads @param {import("./protocol.js").Graphs} graphs
   * @returns {Promise<LocalDecoder>} warmed up, and for webgpu found to compute what wasm does
   */
  static async start(where, threads, graphs) {
    const client = new WorkerClient();
    try {
      const { threads: given } = await client.request("start", { where, threads }, START_LIMIT_MS);
      const { warmMs } = await client.request("load", graphs, START_LIMIT_MS);
      if (where === "webgpu") {
        const { worst } = await client.request("parity", graphs, START_LIMIT_MS);
        if (!(worst <= WORST_PARITY)) {
          throw new DecoderFailed(`WebGPU computes other masks than wasm here (logits off by ${worst.toPrecision(2)}).`);
        }
      }
      return new LocalDecoder(client, where, given, warmMs);
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** Usual milliseconds of a decode. */
  get ms() {
    return this.times.value ?? this.warmMs;
  }

  /** The same once it has been seen often enough to move somebody's clicks for it; else null. */
  get knownMs() {
    return this.times.values.length >= ENOUGH ? this.times.value : null;
  }

  get limitMs() {
    return Math.max(SHORTEST_LIMIT_MS, LIMIT_IN_MEDIANS * this.ms);
  }

  /** @param {OpenImage} image @param {Prompt} prompt */
  async decode(image, prompt) {
    const { key, width, height } = image;
    const ask = () => this.client.request("decode", { image: { key, width, height }, prompt }, this.limitMs);
    let answer;
    try {
      answer = await ask();
    } catch (error) {
      if (!refusedFor(error, NO_EMBEDDING)) throw error;
      await this.hold(image);
      answer = await ask();
    }
    this.times.add(answer.ms);
    return answer;
  }

  /** Gives the worker an image's embedding. @param {OpenImage} image */
  async hold(image) {
    try {
      await this.#give(image);
    } catch (error) {
      if (!refusedFor(error, BAD_EMBEDDING)) throw error;
      await image.damaged();
      await this.#give(image);
    }
  }

  /** @param {OpenImage} image */
  async #give({ key, weights, container }) {
    await this.client.request("embedding", { key, weights, container: await container() }, this.limitMs);
  }

  /** @param {LowRes} lowRes @param {number} width @param {number} height */
  rle(lowRes, width, height) {
    return this.client.request("rle", { lowRes, width, height }, this.limitMs);
  }

  /** Milliseconds of one decode of a made-up image. */
  async measure() {
    const { ms } = await this.client.request("measure", {}, this.limitMs);
    this.times.add(ms);
    return ms;
  }

  /** Also the heartbeat: rejects when the worker is gone. */
  async wasmBytes() {
    return (await this.client.request("memory", {}, this.limitMs)).wasmBytes;
  }

  close() {
    this.client.close();
  }
}

/** @param {unknown} error @param {string} code */
function refusedFor(error, code) {
  return error instanceof WorkerRefusal && error.code === code;
}
