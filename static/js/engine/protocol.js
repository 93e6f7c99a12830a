/** What main thread and decoder worker say to each other. Every request has an id and gets exactly one reply. */

/** @typedef {import("../core/types.js").Prompt} Prompt */
/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").Candidate} Candidate */
/** @typedef {import("../core/types.js").MaskRle} MaskRle */
/**
 * @typedef {{weights: string, resize: import("../core/types.js").Resize, prepare: Uint8Array, decoder: Uint8Array}} Graphs
 *   one segmenter's decoder, known by its weights: bytes of prepare.onnx, run once an image, and decoder.onnx, run for each
 *   prompt
 */
/**
 * @typedef {{key: string, width: number, height: number}} ImageKey
 *   key of the embedding and of who decodes it; size of the image in pixels
 */

/**
 * Request and answer by message type. `load` adds a segmenter to those the worker holds, and answers which these are now,
 * and with WebGPU, which compiles with the first runs, what a decode takes after them; `embedding` does the same for images,
 * by their keys; `encoding`: what the embedding must carry.
 * @typedef {{
 *   start: {request: {where: 'wasm'|'webgpu', threads: number}, answer: {threads: number}},
 *   load: {request: Graphs, answer: {warmMs: number|null, loaded: string[]}},
 *   parity: {request: Graphs, answer: {worst: number}},
 *   embedding: {request: {key: string, weights: string, encoding: string, container: ArrayBuffer}, answer: {ms: number, held: string[]}},
 *   decode: {request: {image: ImageKey, prompt: Prompt}, answer: {candidates: Candidate[], best: number, ms: number}},
 *   measure: {request: {weights: string}, answer: {ms: number}},
 *   rle: {request: {lowRes: LowRes, width: number, height: number}, answer: MaskRle},
 *   memory: {request: {}, answer: {wasmBytes: number}},
 * }} Messages
 */
/** @typedef {keyof Messages} MessageType */
/** @typedef {{[T in MessageType]: {id: number, type: T} & Messages[T]['request']}[MessageType]} RequestMessage */
/**
 * @typedef {{id: number, ok: true, answer: unknown} | {id: number, ok: false, code: string, message: string}} ReplyMessage
 */

/** The worker does not (or no longer) hold the embedding that was asked for: send it again. */
export const NO_EMBEDDING = "no_embedding";

/** The bytes handed over are no embedding of this decoder: fetch them anew. */
export const BAD_EMBEDDING = "bad_embedding";
