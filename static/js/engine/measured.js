/** What `samphire bench decode` times: parts of the decoder's worker, under one address in a bundle, too. */

export { InputFrame } from "../geometry/frames.js";
export { DecoderSession, release, startRuntime } from "./decoder-session.js";
export { decodeEmbedding } from "./embedding.js";
export { promptFeeds, promptTokens } from "./feeds.js";
