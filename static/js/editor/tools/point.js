/** The point tool: a click includes or excludes, a click on a point removes it, a drag draws a box. */

import { t } from "../../core/text.js";
import { pointAt } from "../hit.js";
import { createBoxDrag } from "./box-drag.js";
import { excludesNothing, refuseToExclude } from "./excluding.js";
import { DRAG_FROM, distance, reach } from "./tool.js";

/** @typedef {import("./tool.js").Press} Press */

/** @type {import("./tool.js").ToolKind} */
export const pointTool = {
  id: "point",
  title: t({ en: "Point", zh: "点" }),
  keys: ["P"],
  icon: '<circle cx="12" cy="12" r="3.2"/><path d="M12 2.500v4M12 17.500v4M2.5 12h4M17.5 12h4"/>',
  hint: t({
    en: "Click to include, right-click or Alt-click to exclude. Drag to draw a box.",
    zh: "单击以包含；右键单击或按住 Alt 单击以排除。拖动可画框。",
  }),
  prompts: true,
  fingerPans: true,
  create,
};

/**
 * @param {import("./tool.js").Editor} editor
 * @param {import("./tool.js").Pointing} pointing
 * @returns {import("./tool.js").Handling}
 */
function create(editor, pointing) {
  const { doc, viewport } = editor;
  const { prompting } = doc;
  const boxDrag = createBoxDrag(editor, pointing);
  /** @type {Press|null} */
  let pressed = null;
  /**
   * Where a point was just put: until the pointer leaves it, a second click there is a slip, not a removal.
   * @type {import("./tool.js").Place|null}
   */
  let fresh = null;

  /** @param {Press} press */
  function pointUnder(press) {
    return pointAt(doc.prompting.prompt.peek().points, press.place, reach(editor, press));
  }

  /** @param {Press} press */
  function isOnFresh(press) {
    if (fresh && distance(press.place, fresh) > reach(editor, press)) fresh = null;
    return fresh !== null;
  }

  /** What a click would do. @param {Press} press @param {number} point index of the one under it, or -1 */
  function shapeAt(press, point) {
    if (point >= 0) return "remove";
    const handle = boxDrag.handleUnder(press);
    if (handle) return `resize-${handle}`;
    if (!viewport.contains(press.place)) return "default";
    if (excludesNothing(doc, press)) return "default";
    return press.exclude ? "exclude" : "include";
  }

  /** @param {Press} press @returns {import("../../core/types.js").Point} */
  const pointOf = ({ place, exclude }) => ({ x: place.x, y: place.y, label: exclude ? 0 : 1 });

  /** @param {Press} press */
  function click(press) {
    if (isOnFresh(press) && !prompting.empty.peek()) return;
    const point = pointUnder(press);
    if (point >= 0) {
      prompting.remove(point);
      pointing.hoveredPoint.value = -1;
      return;
    }
    if (!viewport.contains(press.place)) return;
    if (excludesNothing(doc, press)) return refuseToExclude(doc);
    fresh = press.place;
    prompting.add(pointOf(press));
  }

  /** Whether letting go here would put a point. A finger may be about to move the picture. @param {Press} press */
  function willPoint(press) {
    if (press.touch || boxDrag.busy || (isOnFresh(press) && !prompting.empty.peek())) return false;
    return viewport.contains(press.place) && !excludesNothing(doc, press);
  }

  function settle() {
    pressed = null;
    pointing.hoveredPoint.value = -1;
    return boxDrag.cancel();
  }

  return {
    enable() {
      pointing.shape.value = "include";
    },
    disable() {
      settle();
      void prompting.preview(null);
    },
    hover(press) {
      const point = isOnFresh(press) ? -1 : pointUnder(press);
      pointing.hoveredPoint.value = point;
      pointing.shape.value = shapeAt(press, point);
      const previewed = viewport.contains(press.place) && !press.exclude && !press.touch;
      void prompting.preview(previewed ? { x: press.place.x, y: press.place.y, label: 1 } : null);
    },
    leave() {
      pointing.hoveredPoint.value = -1;
      void prompting.preview(null);
    },
    press(press) {
      pressed = press;
      if (pointUnder(press) >= 0) return;
      boxDrag.grab(press);
      if (willPoint(press)) prompting.anticipate(pointOf(press));
    },
    drag(press) {
      if (!pressed) return;
      if (!boxDrag.busy && distance(press.screen, pressed.screen) < DRAG_FROM) return;
      if (!boxDrag.busy) {
        boxDrag.begin(pressed.place);
        void prompting.preview(null);
      }
      boxDrag.move(press);
    },
    release(press) {
      if (boxDrag.busy) boxDrag.finish();
      else if (pressed) click({ ...press, place: pressed.place, exclude: pressed.exclude || press.exclude });
      pressed = null;
    },
    click,
    cancel: settle,
  };
}
