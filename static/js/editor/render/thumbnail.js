/** Small pictures of a candidate: the part of the picture it is in, with the mask over it. */

import { frameUnder } from "../../geometry/frames.js";
import { paint } from "./canvas2d/logits-raster.js";

/** @typedef {import("../../core/types.js").LowRes} LowRes */
/** @typedef {import("./layers.js").Size} Size */
/** @typedef {import("../../geometry/extents.js").Part} Part */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {LowRes} lowRes
 * @param {Part} part of the picture, in the canvas's shape
 * @param {Size} whole  of the picture, image pixels @param {HTMLImageElement|null} picture
 * @param {import("./layers.js").CandidateLook} look
 */
export function drawThumbnail(canvas, lowRes, part, whole, picture, look) {
  const brush = canvas.getContext("2d");
  if (!brush) return;
  brush.clearRect(0, 0, canvas.width, canvas.height);
  const scale = canvas.width / part.width;
  const x0 = Math.max(0, part.x);
  const y0 = Math.max(0, part.y);
  const x1 = Math.min(whole.width, part.x + part.width);
  const y1 = Math.min(whole.height, part.y + part.height);
  const to = [x0 - part.x, y0 - part.y, x1 - x0, y1 - y0].map((value) => value * scale);
  brush.imageSmoothingQuality = "medium";
  if (picture) {
    // Only the shown part is scaled: a whole photograph would be resampled for each thumbnail.
    const perPixel = picture.naturalWidth / whole.width;
    const source = [x0, y0, x1 - x0, y1 - y0].map((value) => value * perPixel);
    brush.drawImage(picture, source[0], source[1], source[2], source[3], to[0], to[1], to[2], to[3]);
    brush.fillStyle = "rgba(0, 0, 0, 0.25)";
    brush.fillRect(to[0], to[1], to[2], to[3]);
  }
  const left = Math.floor(to[0]);
  const top = Math.floor(to[1]);
  const width = Math.min(canvas.width, Math.ceil(to[0] + to[2])) - left;
  const height = Math.min(canvas.height, Math.ceil(to[1] + to[3])) - top;
  if (width <= 0 || height <= 0) return;
  const step = 1 / scale;
  const grid = { x: part.x + left * step, y: part.y + top * step, stepX: step, stepY: step, width, height };
  const sheet = document.createElement("canvas");
  sheet.width = width;
  sheet.height = height;
  sheet
    .getContext("2d")
    ?.putImageData(paint(lowRes, frameUnder(lowRes.resize, lowRes, whole), grid, { ...look, fill: 0.6, outline: 2 }), 0, 0);
  brush.drawImage(sheet, left, top);
}
