/** What `samphire bench decode` times: parts of the decoder's worker, under one address in a bundle, too. */

export { InputFrame } from "../geometry/frames.js";
export { DecoderSession, release, startRuntime } from "./worker/decoder-session.js";
export { decodeEmbedding } from "./worker/embedding.js";
export { promptFeeds, promptTokens } from "./worker/feeds.js";
