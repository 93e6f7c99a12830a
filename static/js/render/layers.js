/** What a renderer is asked to draw, and how it looks: shared by the WebGL2 and the 2D one. */

/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").Rle} Rle */
/** @typedef {{width: number, height: number}} Size  image pixels */
/** @typedef {import("../scene/viewport.js").View} View */
/** @typedef {import("../scene/viewport.js").StageSize} StageSize */

/**
 * An accepted mask.
 * @typedef {{id: string, rle: Rle, color: [number, number, number], fill: number, outlined: boolean}} MaskLayer
 *    color 0 to 1, fill opacity 0 to 1
 */
/** @typedef {{view: View, size: StageSize, masks: readonly MaskLayer[], candidate: LowRes|null}} Drawing */
/**
 * @typedef {object} Renderer
 * @property {'webgl2'|'2d'} kind
 * @property {(picture: HTMLImageElement|null, size: Size) => void} setPicture  null shows an empty frame of its size
 * @property {(drawing: Drawing) => void} draw
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
export const FILL = Object.freeze({ normal: 0.4, active: 0.5, dimmed: 0.3 });
/** Device pixels per image pixel from which single image pixels are shown as squares. */
export const CRISP_FROM = 3;

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
