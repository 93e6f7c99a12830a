/** Small pictures of a candidate: the part of the picture it is in, with the mask over it. */

import { CELL } from "../geometry/frames.js";
import { paint } from "./canvas2d/logits-raster.js";
import { CANDIDATE } from "./layers.js";

/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").Box} Box */
/** @typedef {import("../geometry/frames.js").InputFrame} InputFrame */

const ROOM_AROUND = 0.25;

/**
 * The box around the logits above 0, in the image frame; null when there are none.
 * @param {LowRes} lowRes
 * @param {InputFrame} frame
 * @returns {Box|null}
 */
export function extentOf({ width, data }, frame) {
  let left = Infinity;
  let top = Infinity;
  let right = -1;
  let bottom = -1;
  for (let y = 0; y < frame.cellRows; y++) {
    for (let x = 0; x < frame.cellCols; x++) {
      if (data[y * width + x] <= 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < 0) return null;
  const across = (CELL * frame.imageWidth) / frame.width;
  const down = (CELL * frame.imageHeight) / frame.height;
  return [
    left * across,
    top * down,
    Math.min(frame.imageWidth, (right + 1) * across),
    Math.min(frame.imageHeight, (bottom + 1) * down),
  ];
}

/** @param {readonly Box[]} boxes at least one @returns {Box} around all */
export function joined(boxes) {
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}

/**
 * The part to show, in the canvas's shape.
 * @param {Box} box
 * @param {InputFrame} frame
 * @param {number} aspect
 */
function window(box, frame, aspect) {
  const room = 1 + 2 * ROOM_AROUND;
  const wide = Math.max((box[2] - box[0]) * room, (box[3] - box[1]) * room * aspect, frame.imageWidth / 40);
  const width = Math.min(wide, Math.max(frame.imageWidth, frame.imageHeight * aspect));
  const height = width / aspect;
  const along = (/** @type {number} */ middle, /** @type {number} */ size, /** @type {number} */ most) =>
    size >= most ? (most - size) / 2 : Math.min(most - size, Math.max(0, middle - size / 2));
  return {
    x: along((box[0] + box[2]) / 2, width, frame.imageWidth),
    y: along((box[1] + box[3]) / 2, height, frame.imageHeight),
    width,
    height,
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {LowRes} lowRes
 * @param {readonly LowRes[]} all candidates, shown at one scale
 * @param {InputFrame} frame @param {HTMLImageElement|null} picture
 */
export function drawThumbnail(canvas, lowRes, all, frame, picture) {
  const brush = canvas.getContext("2d");
  if (!brush) return;
  const extents = all.map((each) => extentOf(each, frame)).filter((box) => box !== null);
  const whole = /** @type {Box} */ ([0, 0, frame.imageWidth, frame.imageHeight]);
  const part = window(extents.length ? joined(extents) : whole, frame, canvas.width / canvas.height);
  const scale = canvas.width / part.width;
  const place = {
    x: -part.x * scale,
    y: -part.y * scale,
    width: frame.imageWidth * scale,
    height: frame.imageHeight * scale,
  };
  brush.imageSmoothingQuality = "medium";
  if (picture) {
    // Only the shown part is scaled: a whole photograph would be resampled for each thumbnail.
    const perPixel = picture.naturalWidth / frame.imageWidth;
    const x0 = Math.max(0, part.x);
    const y0 = Math.max(0, part.y);
    const x1 = Math.min(frame.imageWidth, part.x + part.width);
    const y1 = Math.min(frame.imageHeight, part.y + part.height);
    const source = [x0, y0, x1 - x0, y1 - y0].map((value) => value * perPixel);
    const to = [(x0 - part.x) * scale, (y0 - part.y) * scale, (x1 - x0) * scale, (y1 - y0) * scale];
    brush.drawImage(picture, source[0], source[1], source[2], source[3], to[0], to[1], to[2], to[3]);
    brush.fillStyle = "rgba(0, 0, 0, 0.25)";
    brush.fillRect(to[0], to[1], to[2], to[3]);
  }
  const left = Math.max(0, Math.floor(place.x));
  const top = Math.max(0, Math.floor(place.y));
  const width = Math.min(canvas.width, Math.ceil(place.x + place.width)) - left;
  const height = Math.min(canvas.height, Math.ceil(place.y + place.height)) - top;
  if (width <= 0 || height <= 0) return;
  const step = 1 / scale;
  const grid = {
    x: (left - place.x) * step,
    y: (top - place.y) * step,
    stepX: step,
    stepY: step,
    width,
    height,
  };
  const sheet = document.createElement("canvas");
  sheet.width = width;
  sheet.height = height;
  sheet
    .getContext("2d")
    ?.putImageData(paint(lowRes, frame, grid, { ...CANDIDATE, fill: 0.6, outline: 2 }), 0, 0);
  brush.drawImage(sheet, left, top);
}
