/**
 * Low-res logits to the full-size mask, exactly and without ever holding the full-size logits.
 *
 * The reference upsamples twice: bilinear 256 -> 1024, crop to the picture, bilinear to the image. Both steps are linear
 * and separable, so each axis is one banded matrix whose rows have at most three taps: full = A_y L A_x^T. The mask is
 * full > 0. Agrees with server/domain/masks.py.
 */

import { CELL, LOW_RES_SIDE } from "./frames.js";

/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("./frames.js").InputFrame} InputFrame */

const TAPS = 3;

/**
 * One axis: out[i] = sum over k < 3 of weights[3 i + k] * low[start[i] + k].
 * @typedef {{start: Uint16Array, weights: Float64Array, groups: Uint32Array}} Axis
 *   groups: output indices at which `start` changes, with the length at the end
 */

/**
 * The two neighbours of a place and how much the second counts; half-pixel centres, clamped at both ends.
 * @param {number} index  of the finer grid @param {number} scale  coarse per fine @param {number} length  of the coarser
 * @returns {[number, number, number]}
 */
function neighbours(index, scale, length) {
  const place = Math.max(0, (index + 0.5) * scale - 0.5);
  const first = Math.min(Math.floor(place), length - 1);
  const second = Math.min(first + 1, length - 1);
  return [first, second, place - first];
}

/**
 * Composes the two bilinear steps of one axis.
 * @param {number} length  low-res cells that exist, at least 3
 * @param {number} covered  input pixels the picture covers on this axis
 * @param {number} size  image pixels on this axis
 * @returns {Axis}
 */
export function axisTaps(length, covered, size) {
  const start = new Uint16Array(size);
  const weights = new Float64Array(size * TAPS);
  const groups = [];
  for (let i = 0; i < size; i++) {
    const [inner, outer, share] = neighbours(i, covered / size, covered);
    const [lowest] = neighbours(inner, 1 / CELL, LOW_RES_SIDE);
    const first = Math.min(lowest, length - TAPS);
    start[i] = first;
    if (i === 0 || first !== start[i - 1]) groups.push(i);
    for (const [pixel, weight] of [
      [inner, 1 - share],
      [outer, share],
    ]) {
      const [a, b, t] = neighbours(pixel, 1 / CELL, LOW_RES_SIDE);
      if (weight === 0) continue;
      weights[i * TAPS + a - first] += weight * (1 - t);
      if (t !== 0) weights[i * TAPS + b - first] += weight * t;
    }
  }
  groups.push(size);
  return { start, weights, groups: Uint32Array.from(groups) };
}

/** Full-size masks of one image; keeps its taps between clicks. */
export class Upsampler {
  /** @param {InputFrame} frame */
  constructor(frame) {
    this.frame = frame;
    /** @type {{x: Axis, y: Axis, width: number, height: number}|null} */
    this.axes = null;
  }

  /** @param {LowRes} lowRes */
  #axesFor({ width, height }) {
    if (this.axes?.width !== width || this.axes.height !== height) {
      const { frame } = this;
      this.axes = {
        width,
        height,
        x: axisTaps(width, frame.width, frame.imageWidth),
        y: axisTaps(height, frame.height, frame.imageHeight),
      };
    }
    return this.axes;
  }

  /**
   * Uncompressed COCO RLE of the full-size mask: column-major runs, the first one of zeros. Outside a window there is nothing.
   * @param {LowRes} lowRes @param {{width: number, height: number}} image  of which the frame may be a window
   * @returns {Uint32Array}
   */
  counts(lowRes, image) {
    const { x: ax, y: ay } = this.#axesFor(lowRes);
    const { width, height, data } = lowRes;
    const column = new Float64Array(height); // logits of one image column at low-res rows
    const runs = new Runs();
    const { x: left, y: top, imageWidth, imageHeight } = this.frame;
    runs.add(false, left * image.height);
    for (let x = 0; x < ax.start.length; x++) {
      runs.add(false, top);
      const w0 = ax.weights[x * TAPS];
      const w1 = ax.weights[x * TAPS + 1];
      const w2 = ax.weights[x * TAPS + 2];
      for (let row = 0, at = ax.start[x]; row < height; row++, at += width) {
        column[row] = w0 * data[at] + w1 * data[at + 1] + w2 * data[at + 2];
      }
      for (let g = 0; g + 1 < ay.groups.length; g++) {
        const begin = ay.groups[g];
        const end = ay.groups[g + 1];
        const first = ay.start[begin];
        const a = column[first];
        const b = column[first + 1];
        const c = column[first + 2];
        const positive = a > 0;
        if (positive === b > 0 && positive === c > 0) {
          runs.add(positive, end - begin); // every weighted mean of a, b, c has their sign
          continue;
        }
        for (let y = begin, k = begin * TAPS; y < end; y++, k += TAPS) {
          runs.add(ay.weights[k] * a + ay.weights[k + 1] * b + ay.weights[k + 2] * c > 0, 1);
        }
      }
      runs.add(false, image.height - top - imageHeight);
    }
    runs.add(false, (image.width - left - imageWidth) * image.height);
    return runs.finish();
  }
}

/** Run lengths that alternate, starting with zeros; grows as needed. */
class Runs {
  constructor() {
    this.counts = new Uint32Array(4096);
    this.length = 0;
    this.value = false;
    this.run = 0;
  }

  /** @param {boolean} value @param {number} pixels  none too */
  add(value, pixels) {
    if (pixels === 0) return;
    if (value === this.value) {
      this.run += pixels;
      return;
    }
    this.#push();
    this.value = value;
    this.run = pixels;
  }

  #push() {
    if (this.length === this.counts.length) {
      const grown = new Uint32Array(this.length * 2);
      grown.set(this.counts);
      this.counts = grown;
    }
    this.counts[this.length++] = this.run;
  }

  finish() {
    this.#push();
    return this.counts.slice(0, this.length);
  }
}
