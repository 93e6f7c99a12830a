/** The size that brush and eraser share. */

import { signal } from "../core/signals.js";

export const SMALLEST = 1;
export const LARGEST = 1000;
const FIRST_SHARE = 1 / 40; // of the picture's longer side, until the person chooses
const STEP = 1.15;

export function createBrush() {
  /** Diameter in image pixels; 0 until a brush is taken up. */
  const size = signal(0);

  /** @param {number} next image pixels */
  function set(next) {
    size.value = Math.min(LARGEST, Math.max(SMALLEST, Math.round(next)));
  }

  return {
    size,
    set,

    /** @param {number} steps greater than 0 for a larger one; a step always changes it */
    resize(steps) {
      const before = size.peek();
      const scaled = before * STEP ** steps;
      set(Math.abs(scaled - before) < 1 ? before + Math.sign(steps) : scaled);
    },

    /** The first size fits the picture. @param {{width: number, height: number}} picture */
    ready({ width, height }) {
      if (!size.peek()) set(Math.max(4, Math.max(width, height) * FIRST_SHARE));
    },
  };
}
