/** What the active tool shows of itself: the stage draws it, tools set it. */

import { signal } from "../../core/signals.js";

/** @typedef {ReturnType<typeof createPointing>} Pointing */

export function createPointing() {
  return {
    draft: signal(/** @type {import("../../core/types.js").Box|null} */ (null)),
    hoveredPoint: signal(-1),
    hoveredObject: signal(/** @type {string|null} */ (null)),
    /** A scribble or loop under way. */
    trail: signal(/** @type {import("./marks/strokes.js").Trail|null} */ (null)),
    /** Where the brush is and how large. */
    disc: signal(/** @type {import("./marks/strokes.js").Disc|null} */ (null)),
    /** The object being painted, shown in place of its mask. */
    painting: signal(/** @type {import("./marks/painting.js").Painting|null} */ (null)),
    /** What the wand would take or give. */
    flood: signal(/** @type {import("./marks/flood.js").FloodMark|null} */ (null)),
    /** A polygon being drawn, or an outline with its corners. */
    path: signal(/** @type {import("./marks/polygon.js").Path|null} */ (null)),
    /** Names the mouse pointer's shape: what a click would do. */
    shape: signal("default"),
  };
}
