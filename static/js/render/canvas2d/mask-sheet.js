/**
 * Accepted masks as coloured canvases, drawn with a ring where outlined. A canvas is as fine as the screen shows it and
 * holds no more of a big mask than is in view, so that its size depends on the screen and not on the picture.
 */

import { bboxOf, coverage, expandCounts } from "../../geometry/rle.js";
import { appliedRect } from "../../geometry/turns.js";
import { AROUND } from "../layers.js";

/** @typedef {import("../layers.js").Matrix} Matrix */
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
   * Whether the canvas is right for this view.
   * @param {number} step  image pixels per canvas pixel @param {Rect} view
   */
  fits(step, view) {
    if (this.part?.step !== step) return false;
    return this.#small(step) || this.#holds(common(this.#rect, view));
  }

  /** Makes the canvas right for this view. @param {number} step @param {Rect} view */
  fit(step, view) {
    if (this.fits(step, view)) return;
    if (this.#small(step)) {
      this.#paint(partOf(this.#rect, step));
      return;
    }
    const across = MARGIN * (view.right - view.left);
    const down = MARGIN * (view.bottom - view.top);
    const wider = {
      left: view.left - across,
      right: view.right + across,
      top: view.top - down,
      bottom: view.bottom + down,
    };
    this.#paint(partOf(common(this.#rect, wider), step));
  }

  /** Whether any of it can be seen. @param {Rect} view */
  isIn(view) {
    const { left, top, right, bottom } = common(this.#rect, view);
    return left < right && top < bottom;
  }

  /** @returns {Rect} */
  get #rect() {
    const [x, y, width, height] = this.box;
    return { left: x, top: y, right: x + width, bottom: y + height };
  }

  /** Whether all of it is held. @param {number} step */
  #small(step) {
    return (this.box[2] / step) * (this.box[3] / step) <= WHOLE_UP_TO;
  }

  /** What the canvas shows, in the image frame. @returns {Rect} */
  get shown() {
    const { x, y, columns, rows, step } = this.part ?? { x: 0, y: 0, columns: 0, rows: 0, step: 1 };
    return { left: x, top: y, right: x + columns * step, bottom: y + rows * step };
  }

  /** With a transform from the image frame in force. @param {CanvasRenderingContext2D} brush */
  draw(brush) {
    if (!this.part) return;
    const { x, y, columns, rows, step } = this.part;
    brush.drawImage(this.canvas, x, y, columns * step, rows * step);
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

/**
 * Draws the band just outside a mask, through a scratch canvas that holds no more than the mask on screen.
 * @param {CanvasRenderingContext2D} brush @param {MaskSheet} sheet @param {number} width device pixels @param {Matrix} matrix
 * @param {CanvasRenderingContext2D} scratch
 */
export function drawRing(brush, sheet, width, matrix, scratch) {
  const { left, top, right, bottom } = sheet.shown;
  const box = appliedRect(matrix, [left, top, right, bottom]);
  const x0 = Math.max(0, Math.floor(box[0] - width - 1));
  const y0 = Math.max(0, Math.floor(box[1] - width - 1));
  const x1 = Math.min(brush.canvas.width, Math.ceil(box[2] + width + 1));
  const y1 = Math.min(brush.canvas.height, Math.ceil(box[3] + width + 1));
  if (x1 <= x0 || y1 <= y0) return;
  const { canvas } = scratch;
  if (canvas.width < x1 - x0) canvas.width = x1 - x0;
  if (canvas.height < y1 - y0) canvas.height = y1 - y0;
  const [a, b, c, d, e, f] = matrix;
  scratch.setTransform(1, 0, 0, 1, 0, 0);
  scratch.globalCompositeOperation = "source-over";
  scratch.clearRect(0, 0, x1 - x0, y1 - y0);
  scratch.imageSmoothingEnabled = brush.imageSmoothingEnabled;
  for (const [dx, dy] of AROUND) {
    scratch.setTransform(a, b, c, d, e - x0 + dx * width, f - y0 + dy * width);
    sheet.draw(scratch);
  }
  scratch.globalCompositeOperation = "destination-out";
  scratch.setTransform(a, b, c, d, e - x0, f - y0);
  sheet.draw(scratch);
  brush.setTransform(1, 0, 0, 1, 0, 0);
  brush.drawImage(canvas, 0, 0, x1 - x0, y1 - y0, x0, y0, x1 - x0, y1 - y0);
}
