/** The worker that decodes: owns the runtime and what it keeps of images; every request gets one reply by its id. */

import { takesCarried } from "../core/address.js";
import { candidatesFrom } from "../geometry/candidates.js";
import { frameUnder } from "../geometry/frames.js";
import { maskRle } from "../geometry/rle.js";
import { Upsampler } from "../geometry/upsample.js";
import { DecoderSession, bytesOf, release, startRuntime, wasmBytes } from "../engine/worker/decoder-session.js";
import { decodeEmbedding } from "../engine/worker/embedding.js";
import { promptFeeds } from "../engine/worker/feeds.js";
import { BAD_EMBEDDING, NO_EMBEDDING } from "../engine/protocol.js";
import { PROMPT, syntheticFrame, syntheticTensors } from "../engine/worker/synthetic.js";

/** @typedef {import("../engine/protocol.js").Messages} Messages */
/** @typedef {import("../engine/protocol.js").MessageType} MessageType */
/** @typedef {import("../engine/protocol.js").RequestMessage} RequestMessage */
/** @typedef {import("../engine/protocol.js").ReplyMessage} ReplyMessage */
/** @typedef {import("../engine/worker/decoder-session.js").Prepared} Prepared */
/** @typedef {{decoder: DecoderSession, prepared: Prepared}} Held  what prompts need of an image */

const KEPT_BYTES = 48 << 20; // of prepared images: MobileSAM's are 10 MB each, SAM 2's 22 MB
const KEPT_DECODERS = 2; // the segmenter in use, and the one before: going back takes no time

/** @type {import("../engine/worker/decoder-session.js").Runtime|null} */
let runtime = null;
/** By their weights, the one loaded last at the end. @type {Map<string, DecoderSession>} */
const decoders = new Map();
/** The images opened last, by their key, the latest used at the end. @type {Map<string, Held>} */
const images = new Map();
/** A made-up image for decoders that have no real one. @type {Map<DecoderSession, Prepared>} */
const synthetic = new Map();
/** Where embeddings are decoded to, on their way to being prepared. @type {import("../engine/worker/embedding.js").Embedding["tensors"]} */
let scratch = {};
/** @type {Upsampler|null} */
let upsampler = null;

/**
 * An answer with the buffers that go with it.
 * @template T
 * @typedef {{answer: T, transfer?: ArrayBufferLike[]}} Outcome
 */

/** @type {{[T in MessageType]: (request: Messages[T]['request']) => Promise<Outcome<Messages[T]['answer']>>}} */
const handlers = {
  async start({ where, threads }) {
    runtime = await startRuntime(where, threads);
    return { answer: { threads: runtime.threads } };
  },

  async load(graphs) {
    const decoder = await DecoderSession.load(started(), graphs);
    try {
      const warmsUp = started().where === "webgpu";
      if (warmsUp) await timedRun(decoder); // compiles shaders
      const warmMs = warmsUp ? await timedRun(decoder) : null;
      await unload(graphs.weights);
      if (decoders.size >= KEPT_DECODERS) await unload([...decoders.keys()][0]);
      decoders.set(graphs.weights, decoder);
      return { answer: { warmMs, loaded: [...decoders.keys()] } };
    } catch (error) {
      forgetSynthetic(decoder);
      await decoder.release();
      throw error;
    }
  },

  /** Largest difference of logits between this backend and wasm in the same runtime. */
  async parity(graphs) {
    const mine = await syntheticRun(decoderOf(graphs.weights));
    const reference = await DecoderSession.load({ ...started(), where: "wasm" }, graphs);
    const theirs = await syntheticRun(reference);
    forgetSynthetic(reference);
    await reference.release();
    const worst = theirs.logits.reduce((most, logit, i) => Math.max(most, Math.abs(logit - mine.logits[i])), 0);
    return { answer: { worst: mine.logits.length === theirs.logits.length ? worst : Infinity } };
  },

  async embedding({ key, weights, encoding, container }) {
    const decoder = decoderOf(weights);
    const start = performance.now();
    const { header, tensors } = decodeEmbedding(container, scratch);
    scratch = tensors;
    const ms = performance.now() - start;
    if (header.weights !== encoding) throw Object.assign(new Error("made with other weights"), { code: BAD_EMBEDDING });
    forget(key);
    images.set(key, { decoder, prepared: await decoder.prepare(tensors) });
    makeRoom();
    forgetSynthetic(decoder); // a real image can stand in for it
    return { answer: { ms, held: [...images.keys()] } };
  },

  async decode({ image, prompt }) {
    const start = performance.now();
    const held = images.get(image.key);
    if (!held) throw Object.assign(new Error("the worker does not hold this embedding"), { code: NO_EMBEDDING });
    images.delete(image.key);
    images.set(image.key, held);
    const frame = frameUnder(held.decoder.resize, prompt, image);
    const output = await held.decoder.run(held.prepared, promptFeeds(prompt, frame));
    const { candidates, best } = candidatesFrom(output.logits, output, output.predictedIou, prompt, frame);
    const transfer = candidates.map((candidate) => candidate.lowRes.data.buffer);
    return { answer: { candidates, best, ms: performance.now() - start }, transfer };
  },

  async measure({ weights }) {
    return { answer: { ms: await timedRun(decoderOf(weights)) } };
  },

  async rle({ lowRes, width, height }) {
    const image = { width, height };
    const frame = frameUnder(lowRes.resize, lowRes, image);
    if (!upsampler?.frame.equals(frame)) upsampler = new Upsampler(frame);
    return { answer: maskRle(upsampler.counts(lowRes, image), width, height) };
  },

  async memory() {
    return { answer: { wasmBytes: wasmBytes() } };
  },
};

function started() {
  if (!runtime) throw new Error("the runtime has not been started");
  return runtime;
}

/** @param {string} weights */
function decoderOf(weights) {
  const decoder = decoders.get(weights);
  if (!decoder) throw new Error("no decoder of these weights is loaded");
  return decoder;
}

/** A decoder and the images prepared for it. @param {string} weights */
async function unload(weights) {
  const decoder = decoders.get(weights);
  if (!decoder) return;
  decoders.delete(weights);
  for (const [key, held] of images) if (held.decoder === decoder) forget(key);
  forgetSynthetic(decoder);
  await decoder.release();
}

/** @param {string} key */
function forget(key) {
  release(images.get(key)?.prepared ?? {});
  images.delete(key);
}

/** Gives up the images unused for longest; the latest stays, however large it is. */
function makeRoom() {
  let total = [...images.values()].reduce((sum, { prepared }) => sum + bytesOf(prepared), 0);
  for (const [key, { prepared }] of [...images].slice(0, -1)) {
    if (total <= KEPT_BYTES) return;
    total -= bytesOf(prepared);
    forget(key);
  }
}

/** @param {DecoderSession} decoder */
function forgetSynthetic(decoder) {
  release(synthetic.get(decoder) ?? {});
  synthetic.delete(decoder);
}

/** @param {DecoderSession} decoder */
async function syntheticRun(decoder) {
  const prepared = synthetic.get(decoder) ?? (await decoder.prepare(syntheticTensors(decoder.shapes)));
  synthetic.set(decoder, prepared);
  return decoder.run(prepared, promptFeeds(PROMPT, syntheticFrame(decoder.resize)));
}

/** Milliseconds of one decode: numbers take the same time whatever they are. @param {DecoderSession} decoder */
async function timedRun(decoder) {
  const latest = [...images.values()].findLast((held) => held.decoder === decoder);
  const start = performance.now();
  if (latest) await decoder.run(latest.prepared, promptFeeds(PROMPT, syntheticFrame(decoder.resize)));
  else await syntheticRun(decoder);
  return performance.now() - start;
}

/** @param {RequestMessage} message */
async function settle(message) {
  try {
    const handle = /** @type {(request: RequestMessage) => Promise<Outcome<unknown>>} */ (handlers[message.type]);
    const { answer, transfer = [] } = await handle(message);
    reply({ id: message.id, ok: true, answer }, transfer);
  } catch (cause) {
    const error = /** @type {Error & {code?: string}} */ (cause);
    reply({ id: message.id, ok: false, code: error?.code ?? "failed", message: String(error?.message ?? cause) }, []);
  }
}

/** @param {ReplyMessage} message @param {ArrayBufferLike[]} transfer */
function reply(message, transfer) {
  postMessage(message, { transfer: /** @type {Transferable[]} */ (transfer) });
}

let last = Promise.resolve(); // a session runs one request at a time
addEventListener("message", (/** @type {MessageEvent<RequestMessage>} */ event) => {
  if (takesCarried(event.data)) return;
  last = last.then(() => settle(event.data));
});
