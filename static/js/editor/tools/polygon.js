/** The polygon tool: draws objects corner by corner, and edits the outline of the selected one. */

import { computed, effect, signal } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { snapped } from "../snapping.js";
import { cornersOf } from "../vertices.js";
import { createPolygonDrawing } from "./polygon-drawing.js";
import { createPolygonEditing } from "./polygon-editing.js";

/** @typedef {import("./tool.js").Press} Press */

const SNAP = 7; // CSS pixels
const MOST_TOLERANCE = 20; // image pixels

/** @type {import("./tool.js").ToolKind} */
export const polygonTool = {
  id: "polygon",
  title: t({ en: "Polygon", zh: "多边形" }),
  keys: ["G"],
  icon: '<path d="M6.500 7.500L16 5l3.500 9-7 5-7-4.500z"/><path d="M5 6h3v3H5zM14.500 3.500h3v3h-3zM18 12.500h3v3h-3zM11 17.500h3v3h-3zM4 13h3v3H4z" fill="currentColor" stroke-width="0.800"/>',
  hint: t({
    en: "Click to add points or drag to draw, then press Enter to close. Drag the selected object's points to move them; Alt-click removes one.",
    zh: "单击添加点或拖动绘制，按 Enter 闭合。拖动所选对象的点可移动；按住 Alt 单击可删除。",
  }),
  create,
};

/**
 * @param {import("./tool.js").Editor} editor
 * @param {import("./tool.js").Pointing} pointing
 * @returns {import("./tool.js").Handling}
 */
function create(editor, pointing) {
  const { doc, viewport } = editor;
  const { objects } = doc;
  const inHand = signal(false);
  const editing = createPolygonEditing(editor, aim, inHand);
  const drawing = createPolygonDrawing(editor, aim);
  const { object, state, preview, tolerance } = editing;

  /** @param {Press} press */
  function aim(press) {
    const place = viewport.clip(press.place);
    const reach = SNAP / viewport.view.peek().scale;
    const hidden = objects.concealed.peek();
    const own = object.peek()?.id;
    const others = doc.objects.all.peek().filter(({ id }) => id !== own && !hidden.has(id));
    const near = press.free ? null : snapped(place, reach, { picture: viewport.picture.peek(), objects: others, outlines: doc.outlines });
    return { place: near ?? place, snapped: near !== null };
  }

  const note = computed(() => {
    const drawn = drawing.places.value.length;
    if (drawn >= 3) return counted(drawn, "{count} point. Enter closes.", {
      en: "{count} points. Enter closes.",
      zh: "{count} 个点。按 Enter 闭合。",
    });
    if (drawn) return counted(drawn, "{count} point.", { en: "{count} points.", zh: "{count} 个点。" });
    const now = preview.value ?? state.value;
    if (!now) return t({ en: "Click to add points, or drag to draw.", zh: "单击添加点，或拖动绘制。" });
    const count = cornersOf(editing.rings.value);
    if (now.iou === 1) return counted(count, "{count} point, exact", { en: "{count} points, exact", zh: "{count} 个点，精确" });
    const iou = Math.min(0.9999, now.iou).toFixed(now.iou > 0.999 ? 4 : 3);
    return counted(count, "{count} point, IoU {iou}", { en: "{count} points, IoU {iou}", zh: "{count} 个点，IoU {iou}" }, { iou });
  });

  /** What the stage draws. @returns {import("../render/marks/polygon.js").Path|null} */
  function path() {
    const line = drawing.line.value;
    if (!inHand.value && !drawing.places.value.length) return null; // what was begun stays in sight
    const next = line.length ? null : drawing.next.value;
    const places = [...drawing.places.value, ...line];
    const free = !editing.held.value && !editing.hovered.value && !editing.ghost.value;
    return {
      rings: places.length ? [] : editing.rings.value,
      filled: editing.held.value !== null || preview.value !== null,
      places,
      next: next?.place ?? null,
      closes: next?.closes ?? false,
      hovered: editing.hovered.value,
      picked: editing.picked.value,
      ghost: editing.ghost.value,
      snapped: free && next?.snapped ? next.place : null,
    };
  }

  effect(() => {
    pointing.path.value = path();
  });
  effect(() => {
    tolerance.value = state.value?.tolerance ?? 0;
  });

  return {
    freehand: true,
    options: [
      {
        kind: "slider",
        id: "simplify",
        label: t({ en: "Simplify", zh: "简化" }),
        title: t({ en: "How far the outline may move to reduce points", zh: "为减少点数，轮廓最多可偏移多少" }),
        min: 0,
        max: MOST_TOLERANCE,
        step: 0.5,
        value: tolerance,
        format: (value) => t({ en: "{count} px", zh: "{count} 像素" }, { count: value }),
        settled: editing.applyTolerance,
        idle: computed(() => object.value === null),
      },
      { kind: "button", action: "finish-shape", icon: "check" },
      { kind: "button", action: "take-back", icon: "undo" },
      { kind: "note", text: note },
    ],
    finishing: { able: drawing.canClose, perform: drawing.close },
    takingBack: {
      able: computed(() => drawing.canTakeBack.value || editing.canRemove.value),
      perform() {
        if (drawing.canTakeBack.peek()) drawing.takeBack();
        else editing.removeOne();
      },
    },
    enable() {
      inHand.value = true;
      pointing.shape.value = "box";
    },
    disable() {
      editing.stop();
      drawing.stop();
      editing.forget();
      drawing.leave();
      tolerance.value = state.peek()?.tolerance ?? 0;
      inHand.value = false;
    },
    hover(press) {
      const near = editing.hover(press);
      if (near) drawing.leave();
      else drawing.hover(press);
      const removes = press.alternate && editing.hovered.peek() !== null;
      pointing.shape.value = removes ? "remove" : near ? "pick" : "box";
    },
    leave() {
      editing.leave();
      drawing.leave();
    },
    press(press) {
      if (editing.press(press)) return;
      editing.forget();
      if (press.alternate) {
        if (drawing.canTakeBack.peek()) drawing.takeBack();
      } else drawing.press(press);
    },
    drag(press) {
      editing.drag(press);
      drawing.drag(press);
    },
    release(press) {
      editing.letGo();
      drawing.release(press);
    },
    click(press) {
      if (editing.held.peek()) editing.letGo();
      else if (!editing.press(press)) {
        editing.forget();
        drawing.put(press);
        drawing.hover(press);
      } else if (editing.held.peek()) doc.said.value = t({
        en: "Point picked up. Move it with the arrow keys and drop it with Space.",
        zh: "已拿起一个点：用方向键移动，按空格键放下。",
      });
    },
    cancel: () => editing.stop() || drawing.stop() || drawing.drop(),
  };
}
