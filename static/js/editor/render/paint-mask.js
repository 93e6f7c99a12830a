/** A mask in one colour on a canvas of its own, as large as its box in the image. */

import { rleToBitmap } from "../../geometry/rle.js";

/**
 * @param {HTMLCanvasElement} canvas  made as large as the mask's box, and at least one pixel
 * @param {import("../../core/types.js").Rle} rle
 * @param {string} color  as CSS has it
 */
export function paintMask(canvas, rle, color) {
  const { width, height, data } = rleToBitmap(rle);
  canvas.width = Math.max(1, width);
  canvas.height = Math.max(1, height);
  const brush = canvas.getContext("2d");
  if (!brush || !data.length) return;
  const pixels = brush.createImageData(width, height);
  for (let i = 0; i < data.length; i++) pixels.data[4 * i + 3] = data[i];
  brush.putImageData(pixels, 0, 0);
  brush.globalCompositeOperation = "source-in";
  brush.fillStyle = color;
  brush.fillRect(0, 0, width, height);
}
