/**
 * Low-res logits on the wire: 8-bit companded planes, raw-deflated; mirrors server/domain/logits_codec.py.
 *
 * u16 k, h, w; per plane a float32 peak; then k*h*w int8 u with logit = sign(u) (u / 127)^2 peak. Little-endian.
 */

const STEPS = 127;
const HEADER = 6;
const SMALLEST_PEAK = 1e-6;

/**
 * @typedef {{count: number, height: number, width: number, data: Float32Array}} Planes
 *   data (count, height, width)
 */

/** @param {Planes} planes @returns {Uint8Array} */
export function packLogits({ count, height, width, data }) {
  const area = height * width;
  const bytes = new Uint8Array(HEADER + 4 * count + count * area);
  const view = new DataView(bytes.buffer);
  [count, height, width].forEach((value, i) => view.setUint16(2 * i, value, true));
  const companded = new Int8Array(bytes.buffer, HEADER + 4 * count);
  for (let plane = 0; plane < count; plane++) {
    const values = data.subarray(plane * area, (plane + 1) * area);
    const peak = values.reduce((highest, value) => Math.max(highest, Math.abs(value)), SMALLEST_PEAK);
    view.setFloat32(HEADER + 4 * plane, peak, true);
    for (let i = 0; i < area; i++) {
      const level = Math.round(Math.sqrt(Math.abs(values[i]) / peak) * STEPS);
      companded[plane * area + i] = values[i] < 0 ? -level : level;
    }
  }
  return bytes;
}

/** @param {Uint8Array} bytes @returns {Planes} */
export function unpackLogits(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [count, height, width] = [0, 2, 4].map((at) => view.getUint16(at, true));
  const area = height * width;
  const start = HEADER + 4 * count;
  if (bytes.byteLength !== start + count * area) throw new RangeError("logits are cut short");
  const data = new Float32Array(count * area);
  for (let plane = 0; plane < count; plane++) {
    const peak = view.getFloat32(HEADER + 4 * plane, true);
    for (let i = plane * area; i < (plane + 1) * area; i++) {
      const level = view.getInt8(start + i) / STEPS;
      data[i] = Math.sign(level) * level * level * peak;
    }
  }
  return { count, height, width, data };
}

/** @param {Uint8Array} bytes @returns {Promise<Uint8Array>} raw deflate */
export const deflate = (bytes) => through(bytes, new CompressionStream("deflate-raw"));

/** @param {Uint8Array} bytes  raw deflate @returns {Promise<Uint8Array>} */
export const inflate = (bytes) => through(bytes, new DecompressionStream("deflate-raw"));

/** @param {Uint8Array} bytes @param {CompressionStream|DecompressionStream} stream */
async function through(bytes, stream) {
  const body = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(body).arrayBuffer());
}
