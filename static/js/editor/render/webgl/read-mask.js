/** Reads a painted mask back from the graphics card, in strips of columns so that a large one needs little memory. */

import { compressCounts } from "../../../geometry/rle.js";
import { RunCounter } from "../layers.js";

const STRIP_PIXELS = 1 << 20;

/**
 * @param {WebGL2RenderingContext} gl @param {number} width @param {number} height pixels of the mask
 * @param {(left: number, columns: number) => void} paint draws columns left .. left + columns of it
 * @returns {import("../../../core/types.js").Rle}
 */
export function readMask(gl, width, height, paint) {
  const strip = Math.max(1, Math.min(width, Math.floor(STRIP_PIXELS / height)));
  const buffer = gl.createFramebuffer();
  const store = gl.createRenderbuffer();
  gl.bindRenderbuffer(gl.RENDERBUFFER, store);
  gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, strip, height);
  gl.bindFramebuffer(gl.FRAMEBUFFER, buffer);
  gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, store);
  gl.disable(gl.BLEND);
  const pixels = new Uint8Array(strip * height * 4);
  const runs = new RunCounter();
  for (let left = 0; left < width; left += strip) {
    const columns = Math.min(strip, width - left);
    gl.viewport(0, 0, columns, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    paint(left, columns);
    gl.readPixels(0, 0, columns, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    for (let x = 0; x < columns; x++) {
      for (let y = 0; y < height; y++) runs.push(pixels[((height - 1 - y) * columns + x) * 4] > 127);
    }
  }
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.deleteFramebuffer(buffer);
  gl.deleteRenderbuffer(store);
  return { size: [height, width], counts: compressCounts(runs.finish()) };
}
