/** The worker that decodes: owns the runtime and the decoded embeddings; every request gets one reply by its id. */

import { candidatesFrom } from "./geometry/candidates.js";
import { InputFrame } from "./geometry/frames.js";
import { maskRle } from "./geometry/rle.js";
import { Upsampler } from "./geometry/upsample.js";
import { CHANNELS, DecoderSession, TOKENS, wasmBytes } from "./segment/decoder-session.js";
import { decodeEmbedding } from "./segment/embedding.js";
import { promptFeeds } from "./segment/feeds.js";
import { BAD_EMBEDDING, NO_EMBEDDING } from "./segment/protocol.js";
import { FRAME, PROMPT, syntheticTokens } from "./segment/synthetic.js";

/** @typedef {import("./segment/protocol.js").Messages} Messages */
/** @typedef {import("./segment/protocol.js").MessageType} MessageType */
/** @typedef {import("./segment/protocol.js").RequestMessage} RequestMessage */
/** @typedef {import("./segment/protocol.js").ReplyMessage} ReplyMessage */

const KEPT_EMBEDDINGS = 4; // 4 MB each

/** @type {DecoderSession|null} */
let decoder = null;
/** Decoded embeddings, the latest used last. @type {Map<string, Float32Array>} */
const embeddings = new Map();
/** @type {Upsampler|null} */
let upsampler = null;

/** An answer with the buffers that go with it. @template T @typedef {{answer: T, transfer?: ArrayBufferLike[]}} Outcome */

/** @type {{[T in MessageType]: (request: Messages[T]['request']) => Promise<Outcome<Messages[T]['answer']>>}} */
const handlers = {
  async start({ where, threads }) {
    decoder = await DecoderSession.start(where, threads);
    return { answer: { threads: decoder.threads } };
  },

  async load({ decoder: bytes }) {
    await started().load(bytes);
    await syntheticRuns(1); // the first run allocates, or compiles shaders
    return { answer: { warmMs: await syntheticRuns(1) } };
  },

  /** Largest difference of logits between this backend and wasm in the same runtime. */
  async parity({ decoder: bytes }) {
    const mine = await syntheticRun();
    const reference = new DecoderSession(started().ort, "wasm", 1);
    await reference.load(bytes);
    const theirs = await syntheticRun(reference);
    await reference.release();
    const worst = theirs.logits.reduce((most, logit, i) => Math.max(most, Math.abs(logit - mine.logits[i])), 0);
    return { answer: { worst: mine.logits.length === theirs.logits.length ? worst : Infinity } };
  },

  async embedding({ key, weights, container }) {
    const start = performance.now();
    const reused = embeddings.size >= KEPT_EMBEDDINGS ? oldest() : undefined;
    const { header, imageTokens } = decodeEmbedding(container, reused);
    if (header.weights !== weights) throw Object.assign(new Error("made with other weights"), { code: BAD_EMBEDDING });
    remember(key, imageTokens);
    return { answer: { ms: performance.now() - start } };
  },

  async decode({ image, prompt }) {
    const start = performance.now();
    const tokens = embeddings.get(image.key);
    if (!tokens) throw Object.assign(new Error("the worker does not hold this embedding"), { code: NO_EMBEDDING });
    remember(image.key, tokens);
    const frame = new InputFrame(image.width, image.height);
    const output = await started().run(tokens, promptFeeds(prompt, frame));
    const { candidates, best } = candidatesFrom(output.logits, output, output.predictedIou, prompt, frame);
    const transfer = candidates.map((candidate) => candidate.lowRes.data.buffer);
    return { answer: { candidates, best, ms: performance.now() - start }, transfer };
  },

  async measure({ runs }) {
    return { answer: { ms: await syntheticRuns(runs) } };
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

/** @param {string} key @param {Float32Array} tokens */
function remember(key, tokens) {
  embeddings.delete(key);
  embeddings.set(key, tokens);
}

/** Takes the embedding that was not used for longest; its memory serves the next. */
function oldest() {
  const [[key, tokens]] = embeddings;
  embeddings.delete(key);
  return tokens;
}

/** @type {Float32Array|null} */
let synthetic = null;

/** @param {DecoderSession} session */
function syntheticRun(session = started()) {
  synthetic ??= syntheticTokens(TOKENS, CHANNELS);
  return session.run(synthetic, promptFeeds(PROMPT, FRAME));
}

/** The quickest of several runs, in ms: what the machine can do, whatever else it was doing. @param {number} runs */
async function syntheticRuns(runs) {
  let quickest = Infinity;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await syntheticRun();
    quickest = Math.min(quickest, performance.now() - start);
  }
  return quickest;
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
