/** What the tool for proposals leaves to code that is fetched when somebody wants them first. */

import { signal } from "../core/signals.js";

/** @typedef {ReturnType<typeof createProposing>} Proposing */
/** @typedef {{x: number, y: number}} Place */
/** @typedef {{place: Place, screen: Place, exclude: boolean, alternate?: boolean}} Press  see `tools/tool.js` */
/** @typedef {(press: Press) => void} Heard */
/** @typedef {{able: {readonly value: boolean}, perform: () => void}} Doing */
/**
 * As a tool's, of what is fetched.
 * @typedef {{hover: Heard, leave: () => void, press: Heard, drag: Heard, release: Heard, click: Heard, cancel: () => boolean,
 *   wheel: (pixels: number) => void, finishing: Doing, takingBack: Doing}} Handling
 */

/** @typedef {{region: import("../geometry/region.js").Region, step: number}} Flooded  step: image pixels to a side of the region's */
/**
 * @typedef {object} Match  a proposal
 * @property {string} id
 * @property {import("../core/types.js").Rle} rle
 * @property {Flooded} flooded  as a region, at the step that was asked with
 * @property {() => void} take  makes it an object of the active label
 */
/** @typedef {(flooded: Flooded, place: Place) => Match|null} Matching  what is coloured alike around a place, as a proposal */

export function createProposing() {
  return {
    /** Whether a tool wants what is proposed already, without a run. */
    asked: signal(false),
    /** For other tools; null: nothing is proposed. */
    matching: signal(/** @type {Matching|null} */ (null)),
    /** Whether the tool is in hand. */
    inHand: signal(false),
    /** Counts how often it was taken up: once more asks for proposals where there are none. */
    taken: signal(0),
    /** Once it is there. */
    handling: signal(/** @type {Handling|null} */ (null)),
  };
}
