/** What a renderer is asked to draw, and how it looks: shared by the WebGL2 and the 2D one. */

/** @typedef {import("../../core/types.js").LowRes} LowRes */
/** @typedef {import("../../core/types.js").Rle} Rle */
/** @typedef {{width: number, height: number}} Size  image pixels */
/** @typedef {import("../../geometry/turns.js").Matrix} Matrix */

/** @typedef {[number, number, number]} Color  0 to 1 */
/**
 * An accepted mask. Where masks lie over each other the uppermost one's colour prevails, and a second adds little opacity.
 * @typedef {object} MaskLayer
 * @property {string} id
 * @property {Rle} rle
 * @property {Color} color
 * @property {Color} rim  of its border, a shade that stands out against the colour
 * @property {number} fill  opacity inside, 0 to 1; the rim has all
 * @property {number} share  how much of fill and rim is drawn, 0 for an outline alone
 * @property {Color} edge  of the outline around it
 * @property {number} outline  its width in CSS pixels, 0 for none
 * @property {number} casing  of a dark line around the outline, CSS pixels
 */
/**
 * Changes of the picture's colours for the eye.
 * @typedef {{brightness: number, contrast: number, channel: import("../view-options.js").Channel}} Adjustment
 */
/**
 * @typedef {object} Drawing
 * @property {Matrix} matrix  image frame to device pixels of the stage
 * @property {number} dpr  device pixels per CSS pixel
 * @property {readonly MaskLayer[]} masks  the same array as long as none of them has changed
 * @property {number} share  how much of the masks' opacity is drawn: what is chosen, less while something else matters
 * @property {readonly MaskLayer[]} active  some of them, drawn once more on top
 * @property {LowRes|null} candidate
 * @property {CandidateLook} look  of the candidate
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

/** @typedef {{color: Color, edge: Color, edgeIn: Color, fill: number}} CandidateLook  edge: of its outline outside the contour, edgeIn: inside */
const CANDIDATE_FILL = 0.45;
/** CSS pixels, in two shades: one of them shows on any picture. */
export const CANDIDATE_OUTLINE = 2;
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
/** Opacity inside a mask, of that of its rim, as masks are drawn over each other. */
export const INSIDE = 0.75;
/** CSS pixels of a mask that are its rim. */
export const RIM_WIDTH = 1.25;
/** Device pixels per image pixel from which a rim is drawn as a line: a whole image pixel would be too wide. */
export const LINES_FROM = 2;
/** Of the masks' opacity, while another mask is made or some are selected. */
export const DIMMED = 0.6;
/** What is selected or under the pointer has so much more opacity. */
export const ACTIVE_MORE = 0.15;
/** Around what is selected: a light line and a dark one, which show on every picture. */
export const SELECTED = Object.freeze({ outline: 2, casing: 1.25 });
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

/** A shade for the rim of a colour: dark of a light one, light of a dark one. @param {Color} color @returns {Color} */
export function rimColor(color) {
  return isLight(color) ? darker(color) : lighter(color);
}

/** @param {Color} color */
const isLight = ([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.4;
/** @param {Color} color */
const darker = (color) => /** @type {Color} */ (color.map((each) => 0.3 * each));
/** @param {Color} color */
const lighter = (color) => /** @type {Color} */ (color.map((each) => each + 0.7 * (1 - each)));

/** The mask being made: its label's colour, with an outline in a dark and a light shade of it. @param {Color} color @returns {CandidateLook} */
export function candidateLook(color) {
  const edgeIn = isLight(color) ? lighter(color) : darker(color);
  return { color, edge: rimColor(color), edgeIn, fill: CANDIDATE_FILL };
}

/**
 * How many cells of a mask's canvas its rim is wide; 0 where it is drawn as a line.
 * @param {number} scale device pixels per image pixel @param {number} dpr
 */
export function rimCells(scale, dpr) {
  if (scale >= LINES_FROM) return 0;
  const cell = scale < 1 ? 0.75 : 1.4; // device pixels, in the middle of what it can be
  return Math.max(1, Math.round((RIM_WIDTH * dpr) / cell));
}
