/**
 * Accepted masks as coloured canvases, drawn with a ring where outlined. A canvas is as fine as the screen shows it and
 * holds no more of a big mask than is in view, so that its size depends on the screen and not on the picture.
 */

import { bboxOf, coverage, expandCounts } from "../../geometry/rle.js";

/** @typedef {{scale: number, x: number, y: number}} Place  image frame to device pixels */
/** @typedef {{x: number, y: number, columns: number, rows: number, step: number}} Part  see `coverage` */

const WHOLE_UP_TO = 1_000_000; // canvas pixels; a mask that needs more is cut to what is in view
const MARGIN = 0.1; // of the view, on each side, so that panning a little redraws nothing

export class MaskSheet {
  /** @param {import("../layers.js").Rle} rle @param {readonly number[]} color 0 to 1 */
  constructor(rle, color) {
    this.rle = rle;
    this.color = color;
    this.counts = expandCounts(rle.counts);
    this.box = bboxOf(this.counts, rle.size[0]);
    this.canvas = document.createElement("canvas");
    /** @type {Part|null} */
    this.part = null;
  }

  /**
   * Makes the canvas right for this view.
   * @param {Place} place @param {{width: number, height: number}} stage device pixels
   */
  fit(place, stage) {
    const step = 2 ** Math.max(0, Math.floor(Math.log2(1 / place.scale)));
    const [x, y, width, height] = this.box;
    const box = { left: x, top: y, right: x + width, bottom: y + height };
    if ((width / step) * (height / step) <= WHOLE_UP_TO) {
      if (this.part?.step !== step) this.#paint(partOf(box, step));
      return;
    }
    const view = { left: -place.x / place.scale, top: -place.y / place.scale, right: 0, bottom: 0 };
    view.right = view.left + stage.width / place.scale;
    view.bottom = view.top + stage.height / place.scale;
    if (this.part?.step === step && this.#holds(common(box, view))) return;
    const across = MARGIN * (view.right - view.left);
    const down = MARGIN * (view.bottom - view.top);
    view.left -= across;
    view.right += across;
    view.top -= down;
    view.bottom += down;
    this.#paint(partOf(common(box, view), step));
  }

  /** @param {CanvasRenderingContext2D} brush @param {Place} place @param {number} dx @param {number} dy device pixels */
  draw(brush, place, dx = 0, dy = 0) {
    if (!this.part) return;
    const { x, y, columns, rows, step } = this.part;
    const size = step * place.scale;
    brush.drawImage(
      this.canvas,
      place.x + x * place.scale + dx,
      place.y + y * place.scale + dy,
      columns * size,
      rows * size,
    );
  }

  /** @param {Rect} rect */
  #holds({ left, top, right, bottom }) {
    if (!this.part) return false;
    const { x, y, columns, rows, step } = this.part;
    if (left >= right || top >= bottom) return true; // nothing of it is in view
    return left >= x && top >= y && right <= x + columns * step && bottom <= y + rows * step;
  }

  /** @param {Part} part */
  #paint(part) {
    this.part = part;
    this.canvas.width = part.columns;
    this.canvas.height = part.rows;
    const image = new ImageData(part.columns, part.rows);
    const alpha = coverage(this.counts, this.rle.size[0], part);
    const [red, green, blue] = this.color.map((share) => Math.round(255 * share));
    for (let i = 0, at = 0; i < alpha.length; i++, at += 4) {
      image.data[at] = red;
      image.data[at + 1] = green;
      image.data[at + 2] = blue;
      image.data[at + 3] = alpha[i];
    }
    this.canvas.getContext("2d")?.putImageData(image, 0, 0);
  }
}

/** @typedef {{left: number, top: number, right: number, bottom: number}} Rect  image frame */

/** @param {Rect} one @param {Rect} other @returns {Rect} */
const common = (one, other) => ({
  left: Math.max(one.left, other.left),
  top: Math.max(one.top, other.top),
  right: Math.min(one.right, other.right),
  bottom: Math.min(one.bottom, other.bottom),
});

/** The cells that cover a rectangle; at least one. @param {Rect} rect @param {number} step @returns {Part} */
function partOf({ left, top, right, bottom }, step) {
  const x = Math.floor(left);
  const y = Math.floor(top);
  const cells = (/** @type {number} */ length) => Math.max(1, Math.ceil(length / step));
  return { x, y, columns: cells(right - x), rows: cells(bottom - y), step };
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
 * @param {CanvasRenderingContext2D} scratch @param {MaskSheet} sheet @param {number} width device pixels
 * @param {Place} place
 */
export function drawRing(scratch, sheet, width, place) {
  scratch.globalCompositeOperation = "source-over";
  scratch.clearRect(0, 0, scratch.canvas.width, scratch.canvas.height);
  for (const [dx, dy] of AROUND) sheet.draw(scratch, place, dx * width, dy * width);
  scratch.globalCompositeOperation = "destination-out";
  sheet.draw(scratch, place);
}
