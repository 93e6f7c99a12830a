/** Which accepted masks are drawn, and how: from the objects, what is selected or under the pointer, and the view options. */

import { computed } from "../core/signals.js";
import { annotations, decoded } from "../core/state.js";
import { paletteColor, rgb } from "../scene/palette.js";
import { viewOptions } from "../scene/view-options.js";
import { ACTIVE_MORE, DIMMED, EDGE_LIGHTER } from "./layers.js";

/** @typedef {import("./layers.js").MaskLayer} MaskLayer */
/** @typedef {[number, number, number]} Color */

/** @param {Color} color @returns {Color} */
const lighter = (color) => /** @type {Color} */ (color.map((each) => each + (1 - each) * EDGE_LIGHTER));

/** A colour that stays an object's own, whatever becomes of the others. @param {string} id */
function colorOfObject(id) {
  let sum = 0;
  for (let i = 0; i < id.length; i++) sum = (sum * 31 + id.charCodeAt(i)) >>> 0;
  return paletteColor(sum % 24);
}

/**
 * @param {import("../scene/session.js").Session} session
 * @param {Pick<import("./pointing.js").Pointing, 'hoveredObject'|'painting'>} pointing
 */
export function createShownMasks({ objects }, { hoveredObject, painting }) {
  const painted = computed(() => painting.value?.object ?? null); // the overlay shows it

  /** @type {{readonly value: MaskLayer[], peek: () => MaskLayer[]}} */
  const masks = computed(() => {
    const outlined = viewOptions.outlines.value;
    const fill = outlined ? 0 : viewOptions.opacity.value;
    const own = viewOptions.colors.value === "object";
    const concealed = objects.concealed.value;
    return annotations.value
      .filter(({ id }) => id !== painted.value && !concealed.has(id))
      .map(({ id, rle, color: named }) => {
        const color = rgb(own ? colorOfObject(id) : named);
        return { id, rle, color, edge: color, fill, outlined };
      });
  });

  const share = computed(() => (decoded.value !== null || objects.selectedIds.value.size > 0 ? DIMMED : 1));

  /** What is selected or under the pointer: more of its colour over what the mask has already, and an outline. */
  const active = computed(() => {
    const ids = new Set(objects.selectedIds.value);
    if (hoveredObject.value !== null) ids.add(hoveredObject.value);
    if (!ids.size) return [];
    const there = viewOptions.outlines.value ? 0 : viewOptions.opacity.value * share.value;
    const wanted = Math.min(1, viewOptions.opacity.value + ACTIVE_MORE);
    const fill = there < 1 ? Math.max(0, 1 - (1 - wanted) / (1 - there)) : 0;
    return masks.value
      .filter(({ id }) => ids.has(id))
      .map((mask) => ({ ...mask, edge: lighter(mask.color), fill, outlined: true }));
  });

  return { masks, share, active };
}
