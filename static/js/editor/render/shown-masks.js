/** Which accepted masks are drawn, and how: from the objects, what is selected or under the pointer, and the view options. */

import { computed } from "../../core/signals.js";
import { paletteColor, rgb } from "../../document/labels/palette.js";
import { viewOptions } from "../view-options.js";
import { ACTIVE_MORE, DIMMED, EDGE_LIGHTER, INSIDE, OUTLINE_WIDTH, SELECTED, candidateLook, rimColor } from "./layers.js";

/** @typedef {import("./layers.js").MaskLayer} MaskLayer */
/** @typedef {import("./layers.js").Color} Color */
/** @typedef {import("../../core/types.js").Box} Box */

/** @param {Color} color @returns {Color} */
const lighter = (color) => /** @type {Color} */ (color.map((each) => each + (1 - each) * EDGE_LIGHTER));

/** A colour that stays an object's own, whatever becomes of the others. @param {string} id */
function colorOfObject(id) {
  let sum = 0;
  for (let i = 0; i < id.length; i++) sum = (sum * 31 + id.charCodeAt(i)) >>> 0;
  return paletteColor(sum % 24);
}

/**
 * @param {import("../../document/document.js").Document} doc
 * @param {Pick<import("./pointing.js").Pointing, 'hoveredObject'|'painting'>} pointing
 */
export function createShownMasks({ objects, prompting, labels, refined }, { hoveredObject, painting }) {
  const painted = computed(() => painting.value?.object ?? null); // the overlay shows it

  // The slider of the opacity changes how the masks are laid over the picture, and hardly ever the masks.
  const fill = computed(() => Math.max(INSIDE, viewOptions.opacity.value));

  /** @type {{readonly value: MaskLayer[], peek: () => MaskLayer[]}} */
  const masks = computed(() => {
    const outlined = viewOptions.outlines.value;
    const own = viewOptions.colors.value === "object";
    const concealed = objects.concealed.value;
    const look = { fill: fill.value, share: outlined ? 0 : 1, outline: outlined ? OUTLINE_WIDTH : 0, casing: 0 };
    return objects.all.value
      .filter(({ id }) => id !== painted.value && !concealed.has(id))
      .map(({ id, rle, color: named }) => {
        const color = rgb(own ? colorOfObject(id) : named);
        return { id, rle, color, rim: rimColor(color), edge: color, ...look };
      });
  });

  const dimmed = computed(() => (prompting.decoded.value !== null || objects.selectedIds.value.size > 0 ? DIMMED : 1));
  const share = computed(() => (viewOptions.outlines.value ? 1 : viewOptions.opacity.value / fill.value) * dimmed.value);

  /** What is selected or under the pointer: more of its colour over what the mask has already, and an outline. */
  const active = computed(() => {
    const selected = objects.selectedIds.value;
    const ids = new Set(selected);
    if (hoveredObject.value !== null) ids.add(hoveredObject.value);
    if (!ids.size) return [];
    const there = viewOptions.outlines.value ? 0 : viewOptions.opacity.value * dimmed.value;
    const wanted = Math.min(1, viewOptions.opacity.value + ACTIVE_MORE);
    const added = there < 1 ? Math.max(0, 1 - (1 - wanted) / (1 - there)) : 0;
    return masks.value
      .filter(({ id }) => ids.has(id))
      .map((mask) => ({
        ...mask,
        edge: /** @type {Color} */ (selected.has(mask.id) ? [1, 1, 1] : lighter(mask.color)),
        share: added / mask.fill,
        ...(selected.has(mask.id) ? SELECTED : { outline: OUTLINE_WIDTH }),
      }));
  });

  /** Boxes of what is selected. */
  const selected = computed(() => {
    const ids = objects.selectedIds.value;
    return objects.all.value
      .filter(({ id }) => ids.has(id))
      .map(({ bbox: [x, y, width, height] }) => /** @type {Box} */ ([x, y, x + width, y + height]));
  });

  const makingColor = computed(() => (refined.value ?? labels.active.value).color);
  /** Of the mask being made. */
  const look = computed(() => candidateLook(rgb(makingColor.value)));

  return { masks, share, active, selected, look };
}
