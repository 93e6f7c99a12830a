/** The size that brush and eraser share. */

import { signal } from "../core/signals.js";

export const SMALLEST = 1;
export const LARGEST = 1000;
const FIRST_SHARE = 1 / 40; // of the picture's longer side, until the person chooses
const STEP = 1.15;

/** Diameter in image pixels; 0 until a brush is taken up. */
export const brushSize = signal(0);

/** @param {number} size image pixels */
export function setBrushSize(size) {
  brushSize.value = Math.min(LARGEST, Math.max(SMALLEST, Math.round(size)));
}

/** @param {number} steps greater than 0 for a larger one; a step always changes it */
export function resizeBrush(steps) {
  const size = brushSize.peek();
  const scaled = size * STEP ** steps;
  setBrushSize(Math.abs(scaled - size) < 1 ? size + Math.sign(steps) : scaled);
}

/** The first size fits the picture. @param {{width: number, height: number}} picture */
export function readyBrush({ width, height }) {
  if (!brushSize.peek()) setBrushSize(Math.max(4, Math.max(width, height) * FIRST_SHARE));
}
