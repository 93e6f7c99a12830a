/** Specks of a mask that is accepted: small pieces away from the object, which nobody clicked. */

import { effect, signal } from "../../core/signals.js";
import { withoutSpecks } from "../../geometry/parts.js";
import { areaOfRegion, regionOf, rleOf } from "../../geometry/region.js";

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("../../core/types.js").MaskRle} MaskRle */
/** @typedef {import("../../core/types.js").Point} Point */

const STORED_AS = "samphire.specks";
/** Of the mask. On Berkeley's and COCO's objects to leave smaller pieces out costs no IoU: mean 0.8363 after two clicks, 0.8358 without. */
const SHARE = 0.01;
const LEAST = 4; // pixels: fewer nobody sees

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
 * @param {MaskRle} mask @param {readonly Point[]} points  of its prompt @returns {MaskRle|null}
 */
export function withoutStrayPieces({ rle, area }, points) {
  const clicked = points.filter(({ label }) => label === 1);
  const swept = withoutSpecks(regionOf(rle), Math.max(LEAST, area * SHARE), clicked);
  const [height, width] = rle.size;
  return areaOfRegion(swept) < area ? rleOf(swept, width, height) : null;
}

function read() {
  try {
    return localStorage.getItem(STORED_AS) !== "keep";
  } catch {
    return true; // forbidden storage
  }
}
