/** Making the mask of an object anew from where it was left: with its own prompt, or with its mask as the decoder's input. */

import { segmenters } from "../core/state.js";
import { t } from "../core/text.js";
import { CELL, InputFrame } from "../geometry/frames.js";
import { regionOf } from "../geometry/region.js";
import { fromSteps, sayAll } from "./said.js";

/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").Resize} Resize */

const LOGIT = 6; // well inside or outside: as sure as the decoder usually is
const SAMPLES = 4; // places along a cell's side that are looked up

/**
 * A mask as logits the decoder can be given: +6 inside, -6 outside, and in between where it ends.
 * @param {Pick<Annotation, 'rle'>} annotation @param {Resize} resize
 * @returns {LowRes} over the cells that show some of the picture
 */
export function logitsOf({ rle }, resize) {
  const [imageHeight, imageWidth] = rle.size;
  const frame = new InputFrame(imageWidth, imageHeight, resize);
  const { cellCols: width, cellRows: height } = frame;
  const region = regionOf(rle);
  const inside = new Float32Array(width * height);
  /** Image pixels, from the region's corner, of the i-th place along an axis. @type {(i: number, step: number, corner: number) => number} */
  const at = (i, step, corner) => Math.floor((i + 0.5) * step) - corner;
  const across = ((CELL / SAMPLES) * imageWidth) / frame.width;
  const down = ((CELL / SAMPLES) * imageHeight) / frame.height;
  for (let i = 0; i < height * SAMPLES; i++) {
    const y = at(i, down, region.y);
    if (y < 0 || y >= region.height) continue;
    const row = Math.floor(i / SAMPLES) * width;
    for (let j = 0; j < width * SAMPLES; j++) {
      const x = at(j, across, region.x);
      if (x >= 0 && x < region.width) inside[row + Math.floor(j / SAMPLES)] += region.data[y * region.width + x];
    }
  }
  const data = softened(inside, width, height).map((share) => LOGIT * ((2 * share) / (SAMPLES * SAMPLES) - 1));
  return { width, height, data, resize };
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

/**
 * What is said to begin with: the steps that made the mask, if the same segmenter can take them again and the mask is still
 * what they made; else the mask itself and the box around it.
 * @param {Annotation} annotation @param {{weights: string, resize: Resize}} segmenter  in use
 */
export function wordsFor(annotation, { weights, resize }) {
  const unchanged = annotation.candidate !== null && annotation.weights === weights;
  const replayed = unchanged ? fromSteps(annotation.prompts) : null;
  if (replayed && annotation.candidate !== null) {
    replayed.tokens.set(replayed.said, annotation.candidate);
    return replayed;
  }
  const [x, y, width, height] = annotation.bbox;
  const said = sayAll([], [x, y, x + width, y + height], { seed: logitsOf(annotation, resize) });
  return { said, tokens: /** @type {Map<import("./said.js").Said, number>} */ (new Map()) };
}

/**
 * @param {object} room
 * @param {import("./annotations.js").Annotations} room.objects
 * @param {import("./prompting.js").Prompting} room.prompting
 * @param {import("./editing.js").Editing} room.editing
 * @param {(text: string) => void} room.say  aloud
 * @param {(text: string) => void} room.refuse  why something is not done
 * @returns {(id: string) => boolean}  begins; false when it cannot be
 */
export function createRefining({ objects, prompting, editing, say, refuse }) {
  return (id) => {
    const annotation = objects.find(id);
    if (!annotation || objects.replaced.peek() === id) return false;
    if (objects.locked.peek().has(id)) {
      refuse(t("Locked objects cannot be changed."));
      return false;
    }
    const { said, tokens } = wordsFor(annotation, segmenters.peek().inUse);
    for (const [step, token] of tokens) prompting.prefer(step, token);
    editing.replace(t("Refine {label}", { label: annotation.label }), annotation, said);
    say(t("Refining {label}. Click to correct it, Enter to update it.", { label: annotation.label }));
    return true;
  };
}
