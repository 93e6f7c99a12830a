/** A small picture of one object: the square of the picture around it, what is not of it dimmed, its edge in its colour. */

import { coverage, expandCounts } from "../../geometry/rle.js";
import { rgb } from "../../document/labels/palette.js";

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {{x: number, y: number, side: number}} Square  image frame, whole pixels; may reach over the picture's edges */

const ROOM_AROUND = 0.12; // of the object's longer side, on each side
const LEAST_SIDE = 24; // image pixels: less is only blocks
const INSIDE = 128; // of 255: covered by half
const DIM = [12, 12, 12, 165];

/** The square around a box. @param {Annotation['bbox']} bbox @returns {Square} */
export function squareAround([x, y, width, height]) {
  const side = Math.ceil(Math.max(Math.max(width, height) * (1 + 2 * ROOM_AROUND), LEAST_SIDE));
  return { x: Math.floor(x + (width - side) / 2), y: Math.floor(y + (height - side) / 2), side };
}

/**
 * What lies over the picture: clear on the object, dark around it, its colour along its edge.
 * @param {Uint8ClampedArray} covered  how much of each cell the object covers, row-major @param {number} cells  along a side
 * @param {string} color #rrggbb
 * @returns {Uint8ClampedArray<ArrayBuffer>} RGBA of each cell
 */
export function veilOf(covered, cells, color) {
  const veil = new Uint8ClampedArray(4 * cells * cells);
  const edge = [...rgb(color).map((part) => Math.round(255 * part)), 255];
  const inside = (/** @type {number} */ column, /** @type {number} */ row) =>
    column >= 0 && row >= 0 && column < cells && row < cells && covered[row * cells + column] >= INSIDE;
  for (let row = 0, at = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++, at++) {
      const within = inside(column, row);
      const deep =
        within && inside(column - 1, row) && inside(column + 1, row) && inside(column, row - 1) && inside(column, row + 1);
      if (!deep) veil.set(within ? edge : DIM, 4 * at);
    }
  }
  return veil;
}

/**
 * @param {HTMLCanvasElement} canvas  square
 * @param {Pick<Annotation, 'rle'|'bbox'|'color'>} object
 * @param {HTMLImageElement|null} picture  the opened one; without it the shape alone is drawn
 */
export function drawObject(canvas, { rle, bbox, color }, picture) {
  const brush = canvas.getContext("2d");
  if (!brush) return;
  const { x, y, side } = squareAround(bbox);
  const [height, width] = rle.size;
  const step = Math.max(1, Math.ceil(side / canvas.width));
  const cells = Math.ceil(side / step);
  const scale = canvas.width / (cells * step); // canvas pixels of an image pixel
  brush.clearRect(0, 0, canvas.width, canvas.height);
  brush.imageSmoothingQuality = "medium";
  if (picture) {
    const [left, top] = [Math.max(0, x), Math.max(0, y)];
    const [wide, high] = [Math.min(width, x + side) - left, Math.min(height, y + side) - top];
    const shown = picture.naturalWidth / width; // its own pixels of an image pixel
    const to = [(left - x) * scale, (top - y) * scale, wide * scale, high * scale];
    brush.drawImage(picture, left * shown, top * shown, wide * shown, high * shown, to[0], to[1], to[2], to[3]);
  }
  const covered = coverage(expandCounts(rle.counts), height, { x, y, columns: cells, rows: cells, step });
  const sheet = document.createElement("canvas");
  sheet.width = sheet.height = cells;
  sheet.getContext("2d")?.putImageData(new ImageData(veilOf(covered, cells, color), cells, cells), 0, 0);
  brush.drawImage(sheet, 0, 0, canvas.width, canvas.height);
}
