/** What a renderer is asked to draw, and how it looks: shared by the WebGL2 and the 2D one. */

/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").Rle} Rle */
/** @typedef {{width: number, height: number}} Size  image pixels */
/** @typedef {import("../geometry/turns.js").Matrix} Matrix */

/**
 * An accepted mask.
 * @typedef {{id: string, rle: Rle, color: [number, number, number], edge: [number, number, number], fill: number, outlined: boolean}} MaskLayer
 *    colours 0 to 1; edge: of the outline; fill: opacity 0 to 1
 */
/**
 * Changes of the picture's colours for the eye.
 * @typedef {{brightness: number, contrast: number, channel: import("../scene/view-options.js").Channel}} Adjustment
 */
/**
 * @typedef {object} Drawing
 * @property {Matrix} matrix  image frame to device pixels of the stage
 * @property {number} dpr  device pixels per CSS pixel
 * @property {readonly MaskLayer[]} masks  the same array as long as none of them has changed
 * @property {number} share  how much of the masks' opacity is drawn: less while something else matters
 * @property {readonly MaskLayer[]} active  some of them, drawn once more on top
 * @property {LowRes|null} candidate
 * @property {Adjustment} adjust
 */
/**
 * How far a drawing is: all of it; not all, for the sake of the next frame, in which there will be more; or as it is drawn
 * while the zoom changes, to be drawn once more when it rests.
 * @typedef {'done'|'more'|'rough'} Progress
 */
/**
 * @typedef {object} Renderer
 * @property {'webgl2'|'2d'} kind
 * @property {(picture: HTMLImageElement|null, size: Size) => void} setPicture  null shows an empty frame of its size
 * @property {(drawing: Drawing) => Progress} draw
 * @property {(lowRes: LowRes, width: number, height: number) => Rle} paintedMask  the mask as painted, over
 *   the whole picture
 * @property {() => void} dispose
 */

/** The mask being made: blue, 45 % fill, an outline of 1.5 CSS pixels. */
export const CANDIDATE = Object.freeze({
  color: /** @type {[number, number, number]} */ ([0.18, 0.5, 1]),
  edge: /** @type {[number, number, number]} */ ([0.5, 0.74, 1]),
  fill: 0.45,
});
/** How far an accepted mask's outline goes from its colour to white. */
export const EDGE_LIGHTER = 0.6;
export const OUTLINE_WIDTH = 1.5;
/** Eight ways from a pixel: a mask drawn so far off each way covers what an outline covers. */
export const AROUND = Object.freeze([
  [1, 0],
  [0.7, 0.7],
  [0, 1],
  [-0.7, 0.7],
  [-1, 0],
  [-0.7, -0.7],
  [0, -1],
  [0.7, -0.7],
]);
/** Of the masks' opacity, while another mask is made or some are selected. */
export const DIMMED = 0.75;
/** What is selected or under the pointer has so much more opacity. */
export const ACTIVE_MORE = 0.1;
/** Milliseconds of a frame that may go into masks that have not been drawn at this size before. */
export const FRAME_BUDGET_MS = 7;
/** Device pixels per image pixel from which single image pixels are shown as squares. */
export const CRISP_FROM = 3;

/** Device pixels per image pixel. @param {Matrix} matrix */
export function scaleOf([a, b]) {
  return Math.hypot(a, b);
}

/** Runs of a mask collected column by column, as COCO wants them. */
export class RunCounter {
  constructor() {
    /** @type {number[]} */
    this.counts = [];
    this.run = 0;
    this.one = false;
  }

  /** @param {boolean} one the next pixel down the column */
  push(one) {
    if (one !== this.one) {
      this.counts.push(this.run);
      this.run = 0;
      this.one = one;
    }
    this.run += 1;
  }

  /** @returns {number[]} */
  finish() {
    this.counts.push(this.run);
    return this.counts;
  }
}
