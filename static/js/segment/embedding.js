/** provisional */
/** @param {ArrayBuffer} container @param {Float32Array} [into] @returns {{imageTokens: Float32Array}} */
export function decodeEmbedding(container, into) {
  void into;
  return { imageTokens: new Float32Array(container) };
}
