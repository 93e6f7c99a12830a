/**
 * Accepted masks as coloured canvases, drawn with a ring where outlined. A canvas is as fine as the screen shows it and
 * holds no more of a big mask than is in view, so that its size depends on the screen and not on the picture.
 */

import { crackRings } from "../../../geometry/cracks.js";
import { bboxOf, coverage, expandCounts, rleToBitmap } from "../../../geometry/rle.js";
import { appliedRect } from "../../../geometry/turns.js";
import { AROUND } from "../layers.js";
import { rimOf } from "./rim.js";

/** @typedef {import("../layers.js").Matrix} Matrix */
/** @typedef {import("../layers.js").MaskLayer} MaskLayer */
/** @typedef {{x: number, y: number, columns: number, rows: number, step: number}} Part  see `coverage` */
/** @typedef {{step: number, rim: number}} Fineness  image pixels per canvas pixel, canvas pixels of the rim */

const WHOLE_UP_TO = 1_000_000; // canvas pixels; a mask that needs more is cut to what is in view
const MARGIN = 0.1; // of the view, on each side, so that panning a little redraws nothing
const LEAST_INSIDE = 4; // canvas pixels on each side of the rim's own: of a small mask the colour matters more

export class MaskSheet {
  /** @param {MaskLayer} look */
  constructor({ rle, color, rim, fill }) {
    this.rle = rle;
    this.color = color;
    this.rim = rim;
    this.fill = fill;
    this.counts = expandCounts(rle.counts);
    this.box = bboxOf(this.counts, rle.size[0]);
    this.canvas = document.createElement("canvas");
    this.rimCells = 0;
    /** @type {Part|null} */
    this.part = null;
    /** All of it in one opaque colour, for outlines around it. @type {{of: Part, canvas: HTMLCanvasElement}|null} */
    this.silhouette = null;
    /** @type {Path2D|null} */
    this.path = null;
  }

  /** Whether it shows this mask as it is. @param {MaskLayer} mask */
  shows({ rle, color, fill }) {
    return this.rle === rle && this.fill === fill && this.color.every((value, i) => value === color[i]);
  }

  /**
   * Whether the canvas is right for this view.
   * @param {Fineness} fineness @param {Rect} view
   */
  fits({ step, rim }, view) {
    if (this.part?.step !== step || this.rimCells !== rim) return false;
    return this.#small(step) || this.#holds(common(this.#rect, view));
  }

  /** Makes the canvas right for this view. @param {Fineness} fineness @param {Rect} view */
  fit({ step, rim }, view) {
    if (this.fits({ step, rim }, view)) return;
    this.rimCells = rim;
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

  /** Draws the rim as a line, with a transform from the image frame in force. @param {CanvasRenderingContext2D} brush @param {number} width image pixels */
  drawRim(brush, width) {
    this.path ??= pathAround(this.rle);
    brush.strokeStyle = css(this.rim);
    brush.lineWidth = width;
    brush.lineJoin = "round";
    brush.stroke(this.path);
  }

  /** All of it in one colour, with a transform from the image frame in force. @param {CanvasRenderingContext2D} brush */
  drawSilhouette(brush) {
    if (!this.part) return;
    if (this.silhouette?.of !== this.part) {
      const canvas = document.createElement("canvas");
      this.silhouette = { of: this.part, canvas };
      this.#put(canvas, (alpha, out) => {
        for (let i = 0, at = 3; i < alpha.length; i++, at += 4) out[at] = alpha[i];
      });
    }
    const { x, y, columns, rows, step } = this.part;
    brush.drawImage(this.silhouette.canvas, x, y, columns * step, rows * step);
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
    const { columns, rows } = part;
    const { left, top, right, bottom } = this.#rect;
    const seen = this.shown;
    const ends = { left: seen.left <= left, top: seen.top <= top, right: seen.right >= right, bottom: seen.bottom >= bottom };
    const spare = Math.floor(Math.min(columns, rows) / 2) - LEAST_INSIDE;
    const depth = Math.max(0, Math.min(this.rimCells, spare));
    this.#put(this.canvas, (alpha, out) => {
      const rim = depth ? rimOf(alpha, columns, rows, depth, ends) : null;
      const looks = [
        [...this.color, this.fill],
        [...this.rim, 1],
      ].map(([red, green, blue, share]) => [255 * red, 255 * green, 255 * blue, share]);
      for (let i = 0, at = 0; i < alpha.length; i++, at += 4) {
        if (!alpha[i]) continue;
        const look = looks[rim ? rim[i] : 0];
        out[at] = look[0];
        out[at + 1] = look[1];
        out[at + 2] = look[2];
        out[at + 3] = alpha[i] * look[3];
      }
    });
  }

  /** Writes pixels of the part into a canvas. @param {HTMLCanvasElement} canvas @param {(alpha: Uint8ClampedArray, out: Uint8ClampedArray) => void} write */
  #put(canvas, write) {
    const { part } = this;
    if (!part) return;
    canvas.width = part.columns;
    canvas.height = part.rows;
    const image = new ImageData(part.columns, part.rows);
    write(coverage(this.counts, this.rle.size[0], part), image.data);
    canvas.getContext("2d")?.putImageData(image, 0, 0);
  }
}

/** @param {readonly number[]} color 0 to 1 */
export const css = (color) => `rgb(${color.map((value) => Math.round(255 * value)).join(" ")})`;

/** Along the edges of a mask's pixels, image frame. @param {import("../layers.js").Rle} rle */
function pathAround(rle) {
  const path = new Path2D();
  for (const ring of crackRings(rleToBitmap(rle))) {
    path.moveTo(ring[0], ring[1]);
    for (let i = 2; i < ring.length; i += 2) path.lineTo(ring[i], ring[i + 1]);
    path.closePath();
  }
  return path;
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
 * @param {CanvasRenderingContext2D} brush @param {MaskSheet} sheet
 * @param {{width: number, color: string}} line  width in device pixels
 * @param {Matrix} matrix
 * @param {CanvasRenderingContext2D} scratch
 */
export function drawRing(brush, sheet, { width, color }, matrix, scratch) {
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
    sheet.drawSilhouette(scratch);
  }
  scratch.globalCompositeOperation = "destination-out";
  scratch.setTransform(a, b, c, d, e - x0, f - y0);
  sheet.drawSilhouette(scratch);
  scratch.globalCompositeOperation = "source-in";
  scratch.setTransform(1, 0, 0, 1, 0, 0);
  scratch.fillStyle = color;
  scratch.fillRect(0, 0, x1 - x0, y1 - y0);
  brush.setTransform(1, 0, 0, 1, 0, 0);
  brush.drawImage(canvas, 0, 0, x1 - x0, y1 - y0, x0, y0, x1 - x0, y1 - y0);
}
