/** Which proposal the magic wand's colours mean. Only numbers here, no elements. */

import { areaOfRegion, iou, overlapOf } from "../../../geometry/region.js";
import { under } from "./choosing.js";
import { cellsOf, spansOf } from "./spans.js";

/** @typedef {import("../../../core/api-types.js").Proposal} Proposal */
/** @typedef {import("../../../geometry/region.js").Region} Region */
/** @typedef {{region: Region, step: number}} Flooded  step: pixels to a side of the region's */

/** Of those that were under the pointer. @type {WeakMap<Proposal['rle'], Flooded>} */
const regions = new WeakMap();

const SAME = 0.5; // IoU of colours and proposal: both are the same thing, which the proposal outlines better
const FRAYED = 0.7; // of the region's pixels lie inside it, not at its edge: with fewer it is a texture's speckles
const HELD = 0.8; // so much of the speckles a proposal holds that they are part of

/**
 * The proposal that is the same thing as what is coloured alike; where colours find only speckles, the smallest one
 * around them. Null: the colours are better than any.
 * @param {Flooded} flooded @param {readonly Proposal[]} shown @param {{x: number, y: number}} place  that was pointed at
 * @returns {{proposal: Proposal, flooded: Flooded}|null}  flooded: the proposal's, at the same step
 */
export function matchOf({ region, step }, shown, place) {
  const there = under(shown, place).map((proposal) => ({ proposal, flooded: regionOf(proposal, step) }));
  const likeness = there.map((each) => iou(region, each.flooded.region));
  const best = Math.max(...likeness);
  if (best >= SAME) return there[likeness.indexOf(best)];
  if (insideShare(region) >= FRAYED) return null;
  const area = areaOfRegion(region);
  return there.find((each) => overlapOf(region, each.flooded.region) >= HELD * area) ?? null;
}

/** @param {Proposal} proposal @param {number} step @returns {Flooded} */
function regionOf({ rle }, step) {
  const known = regions.get(rle);
  if (known?.step === step) return known;
  const made = { region: cellsOf(spansOf(rle, { step })), step };
  regions.set(rle, made);
  return made;
}

/** Of a region's pixels those whose four neighbours are in it, too. @param {Region} region @returns {number} 0 to 1 */
function insideShare({ width, height, data }) {
  let all = 0;
  let inner = 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (!data[i]) continue;
      all++;
      if (x && y && x < width - 1 && y < height - 1) inner += data[i - 1] & data[i + 1] & data[i - width] & data[i + width];
    }
  }
  return all ? inner / all : 0;
}
