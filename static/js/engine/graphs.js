/** Decoders' files: fetched when a segmenter is first needed, kept so that another worker starts without a network. */

/** @typedef {import("../core/types.js").SegmenterInfo} SegmenterInfo */
/** @typedef {import("./protocol.js").Graphs} Graphs */

const KEPT = 2; // about 10 MB each

/**
 * @param {object} parts
 * @param {import("../net/api.js").Api} parts.api
 * @param {(segmenter: SegmenterInfo, bytes: number, totalBytes: number|null) => void} parts.onProgress
 * @returns {(segmenter: SegmenterInfo) => Promise<Graphs>}
 */
export function createGraphSource({ api, onProgress }) {
  /** By weights, the latest asked for at the end. @type {Map<string, Promise<Graphs>>} */
  const kept = new Map();

  /** @param {SegmenterInfo} segmenter @returns {Promise<Graphs>} */
  async function download(segmenter) {
    const { weights, resize, prepare, decoder } = segmenter;
    const [first, second] = await Promise.all([
      api.download(prepare.url), // a thirtieth of the other: no progress to tell
      api.download(decoder.url, {
        expectedBytes: decoder.bytes,
        onProgress: (bytes, totalBytes) => onProgress(segmenter, bytes, totalBytes),
      }),
    ]);
    return { weights, resize, prepare: new Uint8Array(first), decoder: new Uint8Array(second) };
  }

  return (segmenter) => {
    const { weights } = segmenter;
    const graphs = kept.get(weights) ?? download(segmenter);
    kept.delete(weights);
    kept.set(weights, graphs);
    graphs.catch(() => kept.delete(weights)); // the next start asks again
    for (const oldest of [...kept.keys()].slice(0, -KEPT)) kept.delete(oldest);
    return graphs;
  };
}
