/** The worker that decodes: owns the runtime and what it keeps of images; every request gets one reply by its id. */

import { candidatesFrom } from "./geometry/candidates.js";
import { InputFrame } from "./geometry/frames.js";
import { maskRle } from "./geometry/rle.js";
import { Upsampler } from "./geometry/upsample.js";
import { CHANNELS, DecoderSession, TOKENS, release, wasmBytes } from "./segment/decoder-session.js";
import { decodeEmbedding } from "./segment/embedding.js";
import { promptFeeds } from "./segment/feeds.js";
import { BAD_EMBEDDING, NO_EMBEDDING } from "./segment/protocol.js";
import { FRAME, PROMPT, syntheticTokens } from "./segment/synthetic.js";

/** @typedef {import("./segment/protocol.js").Messages} Messages */
/** @typedef {import("./segment/protocol.js").MessageType} MessageType */
/** @typedef {import("./segment/protocol.js").RequestMessage} RequestMessage */
/** @typedef {import("./segment/protocol.js").ReplyMessage} ReplyMessage */
/** @typedef {import("./segment/decoder-session.js").Prepared} Prepared */

const KEPT_IMAGES = 3; // 10 MB each

/** @type {DecoderSession|null} */
let decoder = null;
/** What prompts need of the images opened last, the latest used at the end. @type {Map<string, Prepared>} */
const images = new Map();
/** Where embeddings are decoded to, on their way to being prepared. @type {Float32Array|undefined} */
let scratch;
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
    decoder = await DecoderSession.start(where, threads);
    return { answer: { threads: decoder.threads } };
  },

  async load(graphs) {
    await started().load(graphs);
    await timedRun(); // the first run allocates, or compiles shaders
    return { answer: { warmMs: await timedRun() } };
  },

  /** Largest difference of logits between this backend and wasm in the same runtime. */
  async parity(graphs) {
    const mine = await syntheticRun();
    const reference = new DecoderSession(started().ort, "wasm", 1);
    await reference.load(graphs);
    const prepared = await reference.prepare(syntheticTokens(TOKENS, CHANNELS));
    const theirs = await reference.run(prepared, promptFeeds(PROMPT, FRAME));
    release(prepared);
    await reference.release();
    const worst = theirs.logits.reduce((most, logit, i) => Math.max(most, Math.abs(logit - mine.logits[i])), 0);
    return { answer: { worst: mine.logits.length === theirs.logits.length ? worst : Infinity } };
  },

  async embedding({ key, weights, container }) {
    const start = performance.now();
    const { header, imageTokens } = decodeEmbedding(container, scratch);
    scratch = imageTokens;
    const ms = performance.now() - start;
    if (header.weights !== weights) throw Object.assign(new Error("made with other weights"), { code: BAD_EMBEDDING });
    forget(key);
    if (images.size >= KEPT_IMAGES) forget([...images.keys()][0]);
    images.set(key, await started().prepare(imageTokens));
    if (synthetic) release(synthetic); // 10 MB that a real image can stand in for
    synthetic = null;
    return { answer: { ms } };
  },

  async decode({ image, prompt }) {
    const start = performance.now();
    const prepared = images.get(image.key);
    if (!prepared) throw Object.assign(new Error("the worker does not hold this embedding"), { code: NO_EMBEDDING });
    images.delete(image.key);
    images.set(image.key, prepared);
    const frame = new InputFrame(image.width, image.height);
    const output = await started().run(prepared, promptFeeds(prompt, frame));
    const { candidates, best } = candidatesFrom(output.logits, output, output.predictedIou, prompt, frame);
    const transfer = candidates.map((candidate) => candidate.lowRes.data.buffer);
    return { answer: { candidates, best, ms: performance.now() - start }, transfer };
  },

  async measure() {
    return { answer: { ms: await timedRun() } };
  },

  async rle({ lowRes, width, height }) {
    if (upsampler?.frame.imageWidth !== width || upsampler.frame.imageHeight !== height) {
      upsampler = new Upsampler(new InputFrame(width, height));
    }
    return { answer: maskRle(upsampler.counts(lowRes), width, height) };
  },

  async memory() {
    return { answer: { wasmBytes: wasmBytes() } };
  },
};

function started() {
  if (!decoder) throw new Error("the runtime has not been started");
  return decoder;
}

/** @param {string} key */
function forget(key) {
  release(images.get(key) ?? {});
  images.delete(key);
}

/** @type {Prepared|null} */
let synthetic = null;

async function syntheticRun() {
  synthetic ??= await started().prepare(syntheticTokens(TOKENS, CHANNELS));
  return started().run(synthetic, promptFeeds(PROMPT, FRAME));
}

/** Milliseconds of one decode: numbers take the same time whatever they are. */
async function timedRun() {
  const latest = [...images.values()].at(-1);
  const start = performance.now();
  if (latest) await started().run(latest, promptFeeds(PROMPT, FRAME));
  else await syntheticRun();
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
  last = last.then(() => settle(event.data));
});
