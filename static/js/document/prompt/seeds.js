/** Masks as the decoder's input: logits made when they are needed, since each is 256 KB and the history remembers many. */

import { CELL, frameUnder } from "../../geometry/frames.js";
import { regionOf } from "../../geometry/region.js";

/** @typedef {import("../../core/types.js").Rle} Rle */
/** @typedef {import("../../core/types.js").LowRes} LowRes */
/** @typedef {import("../../core/types.js").Resize} Resize */
/** @typedef {import("../../core/types.js").Window} Window */

const LOGIT = 6; // well inside or outside: as sure as the decoder usually is
const SAMPLES = 4; // places along a cell's side that are looked up
const MOST_KEPT = 4;

/**
 * The same for the same mask object, as long as it is among the last few.
 * @returns {(rle: Rle, resize: Resize, within?: Window|null) => LowRes}  resize: of the segmenter in use
 */
export function createSeeds() {
  /** The latest used last. @type {Array<{rle: Rle, logits: LowRes}>} */
  let kept = [];
  return (rle, resize, within = null) => {
    const known = kept.find(({ rle: each, logits }) => each === rle && logits.resize === resize && logits.within?.key === within?.key);
    const one = known ?? { rle, logits: logitsOf(rle, resize, within) };
    kept = [...kept.filter((each) => each !== known), one].slice(-MOST_KEPT);
    return one.logits;
  };
}

/**
 * A mask as logits the decoder can be given: +6 inside, -6 outside, and in between where it ends.
 * @param {Rle} rle @param {Resize} resize @param {Window|null} [within]
 * @returns {LowRes} over the cells that show some of the picture
 */
export function logitsOf(rle, resize, within = null) {
  const [imageHeight, imageWidth] = rle.size;
  const frame = frameUnder(resize, { within }, { width: imageWidth, height: imageHeight });
  const { cellCols: width, cellRows: height } = frame;
  const region = regionOf(rle);
  const inside = new Float32Array(width * height);
  /** Image pixels, from the region's corner, of the i-th place along an axis. @type {(i: number, step: number, corner: number) => number} */
  const at = (i, step, corner) => Math.floor((i + 0.5) * step) - corner;
  const across = ((CELL / SAMPLES) * frame.imageWidth) / frame.width;
  const down = ((CELL / SAMPLES) * frame.imageHeight) / frame.height;
  for (let i = 0; i < height * SAMPLES; i++) {
    const y = at(i, down, region.y - frame.y);
    if (y < 0 || y >= region.height) continue;
    const row = Math.floor(i / SAMPLES) * width;
    for (let j = 0; j < width * SAMPLES; j++) {
      const x = at(j, across, region.x - frame.x);
      if (x >= 0 && x < region.width) inside[row + Math.floor(j / SAMPLES)] += region.data[y * region.width + x];
    }
  }
  const data = softened(inside, width, height).map((share) => LOGIT * ((2 * share) / (SAMPLES * SAMPLES) - 1));
  return { width, height, data, resize, within };
}

/** The mean of each cell and its neighbours. @param {Float32Array} cells @param {number} width @param {number} height */
function softened(cells, width, height) {
  const mean = new Float32Array(cells.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      let count = 0;
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++)
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++, count++)
          sum += cells[row * width + column];
      mean[y * width + x] = sum / count;
    }
  }
  return mean;
}
