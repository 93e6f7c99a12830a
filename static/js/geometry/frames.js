/**
 * Image frame, input frame, low-res frame: how lengths and points pass between them. Mirrors server/domain/frames.py.
 *
 * SAM scales the picture's longest side to the input frame's and pads the rest at the right or the bottom; SAM 2 squeezes
 * the picture into all of it. What it is given may be a window of the image; then points are the image's all the same.
 */

/** @typedef {import("../core/types.js").Resize} Resize */
/** @typedef {import("../core/types.js").Window} Window */

export const INPUT_SIDE = 1024; // pixels of the square the encoder sees
export const LOW_RES_SIDE = 256; // cells of the decoder's logits over that square
export const CELL = INPUT_SIDE / LOW_RES_SIDE; // input pixels per low-res cell
const TOKENS = 64; // tokens of the embedding per side; one token is 4x4 low-res cells

/** The part of the input frame that one image fills, or a window of one. */
export class InputFrame {
  /**
   * @param {number} imageWidth @param {number} imageHeight  image frame, pixels @param {Resize} resize
   * @param {number} [x] @param {number} [y]  a window's corner
   */
  constructor(imageWidth, imageHeight, resize, x = 0, y = 0) {
    this.x = x;
    this.y = y;
    this.imageWidth = imageWidth;
    this.imageHeight = imageHeight;
    this.resize = resize;
    const scale = INPUT_SIDE / Math.max(imageWidth, imageHeight);
    /** Input pixels the image covers, rounded as the reference resizes. */
    this.width = resize === "square" ? INPUT_SIDE : covered(imageWidth * scale);
    this.height = resize === "square" ? INPUT_SIDE : covered(imageHeight * scale);
    /** Low-res cells that show some of the picture. */
    this.cellCols = Math.ceil(this.width / CELL);
    this.cellRows = Math.ceil(this.height / CELL);
    /** Tokens to upscale: what is not padding, and a little of that. */
    this.tokenCols = tokensFor(this.cellCols);
    this.tokenRows = tokensFor(this.cellRows);
  }

  /**
   * Image frame to input frame; each axis by its own rounded ratio.
   * @param {number} x @param {number} y @returns {[number, number]}
   */
  toInput(x, y) {
    return [(x - this.x) * (this.width / this.imageWidth), (y - this.y) * (this.height / this.imageHeight)];
  }

  /** Whether it is the same in all that counts. @param {InputFrame} other */
  equals(other) {
    const { imageWidth, imageHeight, resize, x, y } = this;
    return imageWidth === other.imageWidth && imageHeight === other.imageHeight && resize === other.resize && x === other.x && y === other.y;
  }
}

/**
 * The frame of what is within a window of an image, or within all of it: of a prompt or of logits.
 * @param {Resize} resize @param {{within?: Window|null}} over @param {{width: number, height: number}} image
 */
export function frameUnder(resize, { within }, { width, height }) {
  return within ? new InputFrame(within.width, within.height, resize, within.x, within.y) : new InputFrame(width, height, resize);
}

/** @param {number} length  input pixels */
const covered = (length) => Math.max(1, Math.floor(length + 0.5));

/**
 * The picture's tokens, the cell its edge is interpolated with, and one token of padding, whose logits stand for all of
 * the padding when a mask is fed back.
 * @param {number} cells
 */
function tokensFor(cells) {
  return Math.min(TOKENS, Math.ceil((cells + 1) / 4) + 1);
}
