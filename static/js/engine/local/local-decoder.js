/** One started worker with the decoders of a segmenter or two: knows their speed, and when it is overdue. */

import { DecoderFailed } from "../../core/errors.js";
import { RecentMedian } from "../../core/median.js";
import { t } from "../../core/text.js";
import { BAD_EMBEDDING, NO_EMBEDDING } from "../protocol.js";
import { HINT, WorkerClient, WorkerRefusal } from "./worker-client.js";

/** @typedef {import("../../core/types.js").Prompt} Prompt */
/** @typedef {import("../../core/types.js").LowRes} LowRes */
/** @typedef {import("../protocol.js").Graphs} Graphs */
/**
 * @typedef {object} OpenImage
 * @property {string} key  of the embedding and of who decodes it
 * @property {string} weights  of the segmenter that decodes it
 * @property {string} encoding  what its embedding carries
 * @property {number} width
 * @property {number} height  image pixels
 * @property {() => Promise<Graphs>} graphs  the segmenter's decoder
 * @property {() => Promise<ArrayBuffer>} container  the embedding's bytes, from wherever they are nearest
 * @property {() => Promise<void>} damaged  those bytes are no embedding: forget them
 */

const START_LIMIT_MS = 120_000; // a slow network loads 14 MB of wasm in this time
const IMAGE_LIMIT_MS = 20_000; // reading and preparing SAM 2's embedding takes ten times a click; a first click, too, may be slow
const SHORTEST_LIMIT_MS = 2_000;
const LIMIT_IN_MEDIANS = 8;
const ENOUGH = 3;
const WORST_PARITY = 0.05; // logits; wrong kernels are off by whole units

/** How long one segmenter's decodes take in one worker. */
class Speed {
  /** @param {number|null} warmMs  of the second run, or of an earlier visit; null: not known before the first decode */
  constructor(warmMs) {
    this.times = new RecentMedian();
    this.warmMs = warmMs;
  }

  /** Usual milliseconds of a decode. @returns {number|null} */
  get ms() {
    return this.times.value ?? this.warmMs;
  }

  /** The same once it has been seen often enough to move somebody's clicks for it; else null. */
  get knownMs() {
    return this.times.values.length >= ENOUGH ? this.times.value : null;
  }
}

export class LocalDecoder {
  /** @param {WorkerClient} client @param {'wasm'|'webgpu'} where @param {number} threads */
  constructor(client, where, threads) {
    this.client = client;
    this.where = where;
    this.threads = threads;
    /** Of the segmenters the worker holds, by weights. @type {Map<string, Speed>} */
    this.speeds = new Map();
    /** Keys of the images the worker holds. @type {ReadonlySet<string>} */
    this.held = new Set();
    /** Segmenters on their way to it, by weights. @type {Map<string, Promise<void>>} */
    this.loading = new Map();
    /** Images on their way to it, by key. @type {Map<string, Promise<void>>} */
    this.giving = new Map();
  }

  /**
   * @param {'wasm'|'webgpu'} where @param {number} threads @param {Graphs|Promise<Graphs>} graphs
   *   the files may still be on their way
   * @param {number|null} [knownMs] what a decode took on an earlier visit
   * @returns {Promise<LocalDecoder>} for webgpu warmed up, and found to compute what wasm does
   */
  static async start(where, threads, graphs, knownMs = null) {
    const files = Promise.resolve(graphs);
    files.catch(() => {}); // told when it is their turn
    const client = new WorkerClient();
    try {
      const { threads: given } = await client.request("start", { where, threads }, START_LIMIT_MS);
      const started = new LocalDecoder(client, where, given);
      await started.load(await files, knownMs);
      return started;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** Takes in another segmenter, unless the worker holds it already. @param {Graphs} graphs @param {number|null} [knownMs] */
  load(graphs, knownMs = null) {
    const { weights } = graphs;
    const loading = this.loading.get(weights) ?? this.#load(graphs, knownMs).finally(() => this.loading.delete(weights));
    this.loading.set(weights, loading);
    return loading;
  }

  /** @param {Graphs} graphs @param {number|null} knownMs */
  async #load(graphs, knownMs) {
    if (this.speeds.has(graphs.weights)) return;
    const { warmMs, loaded } = await this.client.request("load", graphs, START_LIMIT_MS);
    for (const weights of this.speeds.keys()) if (!loaded.includes(weights)) this.speeds.delete(weights);
    this.held = new Set(); // a segmenter given up takes its images with it
    if (this.where === "webgpu") {
      const { worst } = await this.client.request("parity", graphs, START_LIMIT_MS);
      if (!(worst <= WORST_PARITY)) {
        throw new DecoderFailed(t("WebGPU computes other masks than wasm here (logits off by {error}).", { error: worst.toPrecision(2) }), HINT);
      }
    }
    this.speeds.set(graphs.weights, new Speed(warmMs ?? knownMs));
  }

  /** Null while the worker does not hold the segmenter of these weights. @param {string} weights @returns {Speed|null} */
  speed(weights) {
    return this.speeds.get(weights) ?? null;
  }

  /** For the slowest it holds: a request may wait for another's. */
  get limitMs() {
    const limits = [...this.speeds.values()].map(({ ms }) => (ms === null ? IMAGE_LIMIT_MS : LIMIT_IN_MEDIANS * ms));
    return Math.max(SHORTEST_LIMIT_MS, ...limits);
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
      this.held = new Set();
      await this.hold(image);
      answer = await ask();
    }
    this.speed(image.weights)?.times.add(answer.ms);
    return answer;
  }

  /** Gives the worker an image's embedding, and what decodes it, unless it has both. @param {OpenImage} image */
  async hold(image) {
    if (!this.speeds.has(image.weights)) await this.load(await image.graphs());
    for (let others = this.giving.get(image.key); others; others = this.giving.get(image.key)) {
      await others.catch(() => {}); // why it failed may concern its asker alone, who left the image, say
    }
    if (this.held.has(image.key)) return;
    const giving = this.#giveSound(image).finally(() => this.giving.delete(image.key));
    this.giving.set(image.key, giving);
    await giving;
  }

  /** Fetches it anew if it is damaged. @param {OpenImage} image */
  async #giveSound(image) {
    try {
      await this.#give(image);
    } catch (error) {
      if (!refusedFor(error, BAD_EMBEDDING)) throw error;
      await image.damaged();
      await this.#give(image);
    }
  }

  /** @param {OpenImage} image */
  async #give({ key, weights, encoding, container }) {
    const bytes = await container();
    const { held } = await this.client.request("embedding", { key, weights, encoding, container: bytes }, IMAGE_LIMIT_MS);
    this.held = new Set(held);
  }

  /** @param {LowRes} lowRes @param {number} width @param {number} height */
  rle(lowRes, width, height) {
    return this.client.request("rle", { lowRes, width, height }, this.limitMs);
  }

  /** Milliseconds of one decode of a made-up image. @param {string} weights  of a segmenter it holds */
  async measure(weights) {
    const { ms } = await this.client.request("measure", { weights }, this.limitMs);
    this.speed(weights)?.times.add(ms);
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
