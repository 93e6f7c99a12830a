/** Accepted masks as coloured canvases of their bounding box, drawn with a ring where outlined. */

import { rleToBitmap } from "../../geometry/rle.js";

/** @typedef {{canvas: HTMLCanvasElement, x: number, y: number}} Sheet  opaque where the mask is; image-frame corner */

/** @param {import("../layers.js").Rle} rle @param {readonly number[]} color 0 to 1 @returns {Sheet} */
export function maskSheet(rle, color) {
  const { x, y, width, height, data } = rleToBitmap(rle);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, width);
  canvas.height = Math.max(1, height);
  const image = new ImageData(canvas.width, canvas.height);
  for (let i = 0; i < data.length; i++) {
    if (!data[i]) continue;
    image.data[4 * i] = color[0] * 255;
    image.data[4 * i + 1] = color[1] * 255;
    image.data[4 * i + 2] = color[2] * 255;
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return { canvas, x, y };
}

const AROUND = Object.freeze([
  [1, 0],
  [0.7, 0.7],
  [0, 1],
  [-0.7, 0.7],
  [-1, 0],
  [-0.7, -0.7],
  [0, -1],
  [0.7, -0.7],
]);

/**
 * The band just outside a mask, in a scratch canvas of the stage's size.
 * @param {CanvasRenderingContext2D} scratch @param {Sheet} sheet @param {number} width device pixels
 * @param {{scale: number, x: number, y: number}} place device pixels
 */
export function drawRing(scratch, { canvas, x, y }, width, place) {
  const to = [
    place.x + x * place.scale,
    place.y + y * place.scale,
    canvas.width * place.scale,
    canvas.height * place.scale,
  ];
  scratch.globalCompositeOperation = "source-over";
  scratch.clearRect(0, 0, scratch.canvas.width, scratch.canvas.height);
  for (const [dx, dy] of AROUND)
    scratch.drawImage(canvas, to[0] + dx * width, to[1] + dy * width, to[2], to[3]);
  scratch.globalCompositeOperation = "destination-out";
  scratch.drawImage(canvas, to[0], to[1], to[2], to[3]);
}
