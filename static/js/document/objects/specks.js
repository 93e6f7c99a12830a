/** Specks of a mask that is accepted: small pieces away from the object, which nobody clicked. */

import { effect, signal } from "../../core/signals.js";
import { measured, withoutSpecks } from "../../geometry/parts.js";
import { areaOfRegion, regionOf, rleOf } from "../../geometry/region.js";

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("../../core/types.js").MaskRle} MaskRle */
/** @typedef {import("../../core/types.js").Point} Point */

const STORED_AS = "samphire.specks";
/** Of the mask. On Berkeley's and COCO's objects to leave smaller pieces out costs no IoU: mean 0.8363 after two clicks, 0.8358 without. */
const SHARE = 0.01;
const LEAST = 4; // pixels: fewer nobody sees
/** Removed specks are told of from this share of the mask on, all together, or of the image, one: a dot that people see. */
const TOLD = Object.freeze({ ofMask: 0.01, ofImage: 1 / 10_000 });

/** Whether they are left out; remembered by this browser. */
export const dropsSpecks = signal(read());

effect(() => {
  const stored = dropsSpecks.value ? "drop" : "keep";
  try {
    localStorage.setItem(STORED_AS, stored);
  } catch {
    // Forbidden storage: it holds as long as the page lives.
  }
});

/**
 * The mask without its specks; null when it has none.
 * @param {MaskRle} mask @param {readonly Point[]} points  of its prompt
 * @returns {{mask: MaskRle, pixels: number, told: boolean}|null}  pixels: removed; told: so much that people should hear of it
 */
export function withoutStrayPieces({ rle, area }, points) {
  const clicked = points.filter(({ label }) => label === 1);
  const left = withoutSpecks(regionOf(rle), Math.max(LEAST, area * SHARE), clicked);
  const pixels = area - areaOfRegion(left);
  if (!pixels) return null;
  const [height, width] = rle.size;
  const mask = rleOf(left, width, height);
  const [before, after] = [rle, mask.rle].map((each) => [...measured(each).areas].sort((a, b) => b - a));
  const largest = before.find((piece, i) => piece !== after[i]) ?? 0; // of the pieces that are gone
  return { mask, pixels, told: pixels >= area * TOLD.ofMask || largest >= width * height * TOLD.ofImage };
}

function read() {
  try {
    return localStorage.getItem(STORED_AS) !== "keep";
  } catch {
    return true; // forbidden storage
  }
}
