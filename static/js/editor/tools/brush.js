/** Brush and eraser: a hard-edged disc that adds to the selected object or takes from it, stroke by stroke. */

import { computed } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { stampStroke } from "../../geometry/strokes.js";
import { LARGEST, SMALLEST } from "../brush.js";
import { applyRegion, objection } from "./applying.js";
import { DRAG_FROM, distance } from "./tool.js";

/** @typedef {import("./tool.js").Press} Press */
/** @typedef {import("./tool.js").Editor} Editor */
/** @typedef {import("./tool.js").Pointing} Pointing */
/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("../../geometry/strokes.js").Stamp} Stamp */
/**
 * @typedef {object} Stroke
 * @property {Stamp[]} stamps
 * @property {number} radius  image pixels
 * @property {boolean} erases
 * @property {string|null} object  id of what is painted, null for a new one
 * @property {import("./tool.js").Place} from  CSS pixels of the stage
 * @property {boolean} accepts  the mask on show becomes the object that is painted
 * @property {Promise<Annotation|null>|null} accepting  once it is sure that a stroke is meant
 */

const WHEEL_STEP = 100; // pixels of a wheel's notch

const NOTHING_TO_ERASE = t({ en: "Select an object to erase from it.", zh: "请先选择要擦除的对象。" });

/** Pressing as usual paints at the size that was set. @param {number} pressure 0 to 1 */
const widthAt = (pressure) => 0.6 + 0.8 * pressure;

/** @type {import("./tool.js").ToolKind} */
export const brushTool = {
  id: "brush",
  title: t({ en: "Brush", zh: "画笔" }),
  keys: ["K"],
  icon: '<path d="M20 4c-4.500 2-8 5.200-10.300 9l2.600 2.600C16 13.200 18.500 9 20 4zM9 14.200c-2.200 0-3.300 1.300-3.500 3-.1 1.300-.8 2.200-2 2.600 3.700 1 7.300-.1 7.700-3.500"/>',
  hint: t({
    en: "Paint on the selected object, or a new one. Right button or Alt erases; comma and full stop change the size.",
    zh: "在所选对象上涂抹，或涂出新对象。右键或按住 Alt 为擦除；逗号和句号键调整大小。",
  }),
  create: (editor, pointing) => createPainter(editor, pointing, false),
};

/** @type {import("./tool.js").ToolKind} */
export const eraserTool = {
  id: "eraser",
  title: t({ en: "Eraser", zh: "橡皮擦" }),
  keys: ["E"],
  icon: '<path d="M14.500 4.500l5.500 5.500-9 9.500H7.500L4 16z M8.800 10.400l5.500 5.500M11 19.500h9"/>',
  hint: t({
    en: "Erase from the selected object. Right button or Alt paints; comma and full stop change the size.",
    zh: "从所选对象中擦除。右键或按住 Alt 为涂抹；逗号和句号键调整大小。",
  }),
  create: (editor, pointing) => createPainter(editor, pointing, true),
};

/**
 * @param {Editor} editor
 * @param {Pointing} pointing
 * @param {boolean} erases
 * @returns {import("./tool.js").Handling}
 */
function createPainter(editor, pointing, erases) {
  const { doc, viewport, brush } = editor;
  const { prompting, objects } = doc;
  /** @type {Stroke|null} */
  let stroke = null;
  /** Where a drag began that changes the size. @type {{x: number, size: number}|null} */
  let sizing = null;

  const note = computed(() => {
    if (!prompting.empty.value) return t({ en: "The current mask is accepted first.", zh: "会先接受当前掩码。" });
    const object = objects.selected.value;
    if (!object && erases) return NOTHING_TO_ERASE;
    const { label } = object ?? { label: doc.labels.active.value.name };
    if (!object) return t({ en: "Painting a new {label}.", zh: "涂抹新的 {label}。" }, { label });
    const refusal = objection(doc, object);
    if (refusal !== null) return refusal;
    if (erases) return t({ en: "Erasing from {label}.", zh: "从 {label} 中擦除。" }, { label });
    return t({ en: "Painting on {label}.", zh: "在 {label} 上涂抹。" }, { label });
  });
  const noteForMouse = computed(() => {
    if (objects.selected.value) return t({ en: "Right button or Alt does the opposite.", zh: "右键或按住 Alt 则相反。" });
    return erases || !prompting.empty.value ? "" : t({ en: "Select an object to add to it.", zh: "请先选择要添加到的对象。" });
  });

  /** @param {Press} press */
  const erasing = (press) => press.eraser || erases !== (press.alternate ?? press.exclude);

  /** @param {Press} press @returns {Stamp} */
  function stampOf({ place, pressure }) {
    const { x, y } = place;
    return pressure === undefined ? { x, y } : { x, y, radius: (brush.size.peek() / 2) * widthAt(pressure) };
  }

  /** @param {Press} press */
  function showDisc(press) {
    const radius = stampOf(press).radius ?? brush.size.peek() / 2;
    pointing.disc.value = { place: press.place, radius, erases: erasing(press) };
  }

  /** @param {Annotation|null} object that is painted; null: a new one */
  function showStroke(object) {
    if (!stroke) return;
    pointing.painting.value = {
      object: object?.id ?? null,
      rle: object?.rle ?? null,
      color: object?.color ?? doc.labels.active.peek().color,
      stamps: stroke.stamps,
      radius: stroke.radius,
      erases: stroke.erases,
    };
  }

  /** @param {Press} press @returns {boolean} */
  function begin(press) {
    const accepts = !prompting.empty.peek();
    const object = accepts ? null : objects.selected.peek();
    const refusal = objection(doc, object) ?? (!object && !accepts && erasing(press) ? NOTHING_TO_ERASE : null);
    if (refusal) {
      doc.refuse(refusal);
      return false;
    }
    const made = { stamps: [stampOf(press)], radius: brush.size.peek() / 2, erases: erasing(press) };
    stroke = { ...made, object: object?.id ?? null, from: press.screen, accepts, accepting: null };
    showStroke(object);
    return true;
  }

  /** Not at the press: a second finger may follow and make it a pinch. @param {Stroke} begun */
  function acceptFirst(begun) {
    if (!begun.accepts || begun.accepting) return;
    const accepting = doc.accept();
    begun.accepting = accepting;
    void accepting.then((made) => {
      if (made) objects.select(made.id);
      if (stroke === begun) showStroke(made);
    });
  }

  /** @param {Press} press */
  function goOn(press) {
    const shown = pointing.painting.peek();
    if (!stroke || !shown) return;
    if (distance(press.screen, stroke.from) >= DRAG_FROM) acceptFirst(stroke);
    stroke.stamps.push(stampOf(press));
    pointing.painting.value = { ...shown };
  }

  async function finish() {
    const drawn = stroke;
    stroke = null;
    if (!drawn) return;
    const imageId = doc.image.peek()?.id;
    acceptFirst(drawn);
    const id = drawn.accepting ? ((await drawn.accepting)?.id ?? null) : drawn.object;
    if (doc.image.peek()?.id !== imageId) return;
    const object = id === null ? null : objects.find(id);
    if (id === null || object) {
      const region = stampStroke(drawn.stamps, drawn.radius, viewport.picture.peek());
      const { title } = drawn.erases ? eraserTool : brushTool;
      applyRegion(editor, region, { title, object, erases: drawn.erases });
    }
    if (!stroke) pointing.painting.value = null;
  }

  function cancel() {
    const busy = stroke !== null || sizing !== null;
    stroke = null;
    sizing = null;
    pointing.painting.value = null;
    pointing.disc.value = null;
    return busy;
  }

  return {
    freehand: true,
    options: [
      {
        kind: "slider",
        id: erases ? eraserTool.id : brushTool.id,
        label: t({ en: "Size", zh: "大小" }),
        title: t({
          en: "Size in image pixels. Change it with comma and full stop, Shift and the wheel, or Shift and drag",
          zh: "以图像像素为单位的大小。可用逗号和句号键、按住 Shift 滚动滚轮或按住 Shift 拖动调整",
        }),
        min: SMALLEST,
        max: LARGEST,
        step: 1,
        log: true,
        value: brush.size,
        format: (size) => t({ en: "{size} px", zh: "{size} 像素" }, { size }),
      },
      { kind: "note", text: note },
      { kind: "note", text: noteForMouse, forMouse: true },
    ],
    enable() {
      brush.ready(viewport.picture.peek());
      pointing.shape.value = "disc";
    },
    disable() {
      cancel();
      pointing.disc.value = null;
    },
    hover: showDisc,
    leave() {
      pointing.disc.value = null;
    },
    press(press) {
      if (press.shift) sizing = { x: press.screen.x, size: brush.size.peek() };
      else if (begin(press)) showDisc(press);
    },
    drag(press) {
      if (sizing) {
        const { scale } = viewport.view.peek();
        brush.set(sizing.size + (2 * (press.screen.x - sizing.x)) / scale); // the edge keeps to the pointer
        const disc = pointing.disc.peek();
        if (disc) pointing.disc.value = { ...disc, radius: brush.size.peek() / 2 };
      } else {
        goOn(press);
        showDisc(press);
      }
    },
    release(press) {
      sizing = null;
      if (press.touch) pointing.disc.value = null;
      void finish();
    },
    click(press) {
      if (begin(press)) void finish();
    },
    resize: brush.resize,
    wheel(pixels) {
      brush.resize(-pixels / WHEEL_STEP);
      const disc = pointing.disc.peek();
      if (disc) pointing.disc.value = { ...disc, radius: brush.size.peek() / 2 };
    },
    cancel,
  };
}
