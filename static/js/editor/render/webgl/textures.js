/** Textures of the renderer: the picture with mipmaps, logits as floats, accepted masks as bytes. */

import { rleToBitmap } from "../../../geometry/rle.js";

/**
 * @typedef {{texture: WebGLTexture, rect: [number, number, number, number], size: [number, number]}} MaskTexture
 *    rect in the image frame
 */

/** @param {WebGL2RenderingContext} gl @param {number} min @param {number} mag */
function create(gl, min, mag) {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, min);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, mag);
  return texture;
}

/**
 * A picture wider than the graphics card takes is drawn smaller first.
 * @param {HTMLImageElement} picture
 * @param {number} largest side in pixels
 */
function fitting(picture, largest) {
  const { naturalWidth: width, naturalHeight: height } = picture;
  const scale = largest / Math.max(width, height);
  if (scale >= 1) return { source: picture, whole: true };
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(width * scale));
  canvas.height = Math.max(1, Math.floor(height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return { source: canvas, whole: false };
}

/** @param {WebGL2RenderingContext} gl @param {HTMLImageElement} picture */
export function pictureTexture(gl, picture) {
  const { source, whole } = fitting(picture, gl.getParameter(gl.MAX_TEXTURE_SIZE));
  const texture = create(gl, gl.LINEAR_MIPMAP_LINEAR, gl.LINEAR);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, source);
  gl.generateMipmap(gl.TEXTURE_2D);
  return { texture, whole };
}

/** @param {WebGL2RenderingContext} gl @param {import("../../../core/types.js").LowRes} lowRes */
export function logitsTexture(gl, { width, height, data }) {
  const texture = create(gl, gl.NEAREST, gl.NEAREST);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, width, height, 0, gl.RED, gl.FLOAT, data);
  return texture;
}

/**
 * Every n-th pixel of a mask that is larger than the graphics card takes.
 * @param {ReturnType<typeof rleToBitmap>} bitmap
 * @param {number} largest
 */
function thinned(bitmap, largest) {
  const step = Math.ceil((Math.max(bitmap.width, bitmap.height) + 2) / largest);
  if (step <= 1) return bitmap;
  const width = Math.floor(bitmap.width / step);
  const height = Math.floor(bitmap.height / step);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[y * width + x] = bitmap.data[y * step * bitmap.width + x * step];
  }
  return { ...bitmap, width, height, data };
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {import("../../../core/types.js").Rle} rle
 * @returns {MaskTexture}
 */
export function maskTexture(gl, rle) {
  const whole = rleToBitmap(rle);
  const { width, height, data } = thinned(whole, gl.getParameter(gl.MAX_TEXTURE_SIZE));
  const texture = create(gl, gl.LINEAR_MIPMAP_LINEAR, gl.LINEAR);
  const size = /** @type {[number, number]} */ ([width + 2, height + 2]);
  const levels = Math.floor(Math.log2(Math.max(...size))) + 1;
  gl.texStorage2D(gl.TEXTURE_2D, levels, gl.R8, ...size);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  if (data.length) gl.texSubImage2D(gl.TEXTURE_2D, 0, 1, 1, width, height, gl.RED, gl.UNSIGNED_BYTE, data);
  gl.generateMipmap(gl.TEXTURE_2D);
  const rim = [whole.width / Math.max(1, width), whole.height / Math.max(1, height)];
  return {
    texture,
    rect: [whole.x - rim[0], whole.y - rim[1], whole.width + 2 * rim[0], whole.height + 2 * rim[1]],
    size,
  };
}
