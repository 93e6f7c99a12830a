/** Drawing a polygon: corners one by one, or a line drawn freehand, until it is closed. Each step is one of the history. */

import { computed, signal } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { rleOf } from "../../geometry/region.js";
import { fillRings, ringOf } from "../../geometry/rings.js";
import { simplifyLine } from "../../geometry/simplify.js";
import { DRAG_FROM, distance, reach } from "./tool.js";

/** @typedef {import("./tool.js").Press} Press */
/** @typedef {import("./tool.js").Place} Place */

const FEWEST = 3;
const SAME_PLACE = 4; // CSS pixels: a second click there is a double click
const FREEHAND_TOLERANCE = 0.75; // CSS pixels the line drawn may be smoothed by

/**
 * @param {import("./tool.js").Editor} editor
 * @param {(press: Press) => {place: Place, snapped: boolean}} aim  where a corner put there would be
 */
export function createPolygonDrawing(editor, aim) {
  const { doc, viewport } = editor;
  /** Corners so far; none while nothing is drawn. */
  const places = computed(() => {
    const draft = doc.drafts.value;
    return draft?.tool === "polygon" ? draft.points : [];
  });
  /** Where the next corner would be. */
  const next = signal(/** @type {{place: Place, snapped: boolean, closes: boolean}|null} */ (null));
  /** The line being drawn with the button down, from its first place on. */
  const line = signal(/** @type {readonly Place[]} */ ([]));
  /** @type {Press|null} */
  let pressed = null;

  /** @param {Press} press @param {readonly Place[]} corners */
  function closes(press, corners) {
    return corners.length >= FEWEST && distance(press.place, corners[0]) <= reach(editor, press);
  }

  /** @param {Press} press */
  function aimed(press) {
    const corners = places.peek();
    return closes(press, corners) ? { place: corners[0], snapped: false, closes: true } : { ...aim(press), closes: false };
  }

  /** @param {readonly Place[]} corners @param {string} title */
  function take(corners, title) {
    doc.draft(title, corners.length ? { tool: "polygon", points: corners } : null);
  }

  /** @param {readonly Place[]} corners  of the closed polygon */
  function close(corners) {
    const picture = doc.image.peek();
    if (!picture || corners.length < FEWEST) return;
    const ring = ringOf(corners);
    const mask = rleOf(fillRings([ring], picture.width, picture.height), picture.width, picture.height);
    if (!mask.area) {
      doc.said.value = t({ en: "The polygon contains no pixels, so nothing was added.", zh: "多边形内没有像素：没有添加任何内容。" });
      return;
    }
    const annotation = doc.newAnnotation(mask);
    doc.outlines.keep(annotation.rle, { rings: [ring], base: annotation.rle, tolerance: 0, iou: 1, own: true });
    next.value = null;
    if (!doc.edit(t({ en: "Polygon", zh: "多边形" }), [{ before: null, after: annotation }], { finishes: true })) return;
    doc.objects.select(annotation.id);
    const added = { count: corners.length, label: annotation.label };
    doc.said.value = t({ en: "Added a polygon of {count} points as {label}.", zh: "已将 {count} 个点的多边形添加为 {label}。" }, added);
  }

  /** @param {Press} press */
  function put(press) {
    const corners = places.peek();
    const last = corners.at(-1);
    const scale = viewport.view.peek().scale;
    if (closes(press, corners)) close(corners);
    else if (last && distance(aim(press).place, last) * scale <= SAME_PLACE) close(corners);
    else {
      if (!corners.length) doc.objects.select(null);
      take([...corners, aim(press).place], t({ en: "Add polygon point", zh: "添加多边形的点" }));
    }
  }

  return {
    places,
    next,
    line,
    canClose: computed(() => places.value.length >= FEWEST),
    canTakeBack: computed(() => places.value.length > 0),
    close: () => close(places.peek()),
    takeBack: () => take(places.peek().slice(0, -1), t({ en: "Remove last point", zh: "撤回最后一个点" })),
    put,
    /** @param {Press} press */
    hover(press) {
      next.value = aimed(press);
    },
    leave() {
      next.value = null;
    },
    /** @param {Press} press */
    press(press) {
      pressed = press;
      line.value = [];
    },
    /** @param {Press} press */
    drag(press) {
      if (!pressed) return;
      if (!line.peek().length && distance(press.screen, pressed.screen) < DRAG_FROM) return;
      const begun = line.peek().length ? line.peek() : [aim(pressed).place];
      line.value = [...begun, viewport.clip(press.place)];
      next.value = null;
    },
    /** @param {Press} press */
    release(press) {
      const from = pressed;
      const drawn = line.peek();
      this.stop();
      if (!from) return;
      if (!drawn.length) return put(from);
      const tolerance = FREEHAND_TOLERANCE / viewport.view.peek().scale;
      const smooth = simplifyLine(ringOf(drawn), tolerance);
      const added = Array.from({ length: smooth.length / 2 }, (_, i) => ({ x: smooth[2 * i], y: smooth[2 * i + 1] }));
      const corners = [...places.peek(), ...added];
      if (!places.peek().length) doc.objects.select(null);
      take(corners, t({ en: "Draw polygon line", zh: "绘制多边形的边" }));
      if (closes(press, corners)) close(corners);
    },
    /** Drops what the pointer is doing. @returns {boolean} whether it was doing something */
    stop() {
      const busy = pressed !== null;
      pressed = null;
      line.value = [];
      return busy;
    },
    /** Drops the polygon. @returns {boolean} whether there was one */
    drop() {
      if (!places.peek().length) return false;
      next.value = null;
      take([], t({ en: "Discard polygon", zh: "放弃多边形" }));
      doc.said.value = t({ en: "Polygon discarded. Undo to restore it.", zh: "已放弃多边形，可撤销恢复。" });
      return true;
    },
  };
}
