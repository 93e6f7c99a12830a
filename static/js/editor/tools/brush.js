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

/** Pressing as usual paints at the size that was set. @param {number} pressure 0 to 1 */
const widthAt = (pressure) => 0.6 + 0.8 * pressure;

/**
 * @param {Editor} editor
 * @param {Pointing} pointing
 * @param {{id: string, title: string, icon: string, hint: string, erases: boolean}} kind
 * @returns {import("./tool.js").Tool}
 */
function createPainter(editor, pointing, { erases, ...kind }) {
  const { doc, viewport, brush } = editor;
  const { prompting, objects } = doc;
  /** @type {Stroke|null} */
  let stroke = null;
  /** Where a drag began that changes the size. @type {{x: number, size: number}|null} */
  let sizing = null;

  const note = computed(() => {
    if (!prompting.empty.value) return t("The current mask is accepted first.");
    const object = objects.selected.value;
    if (!object) return erases ? t("Select an object to erase from it.") : t("Painting a new {label}.", { label: doc.labels.active.value.name });
    const { label } = object;
    return objection(doc, object) ?? (erases ? t("Erasing from {label}.", { label }) : t("Painting on {label}.", { label }));
  });
  const noteForMouse = computed(() => {
    if (objects.selected.value) return t("Right button or Alt does the opposite.");
    return erases || !prompting.empty.value ? "" : t("Select an object to add to it.");
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
    const refusal = objection(doc, object) ?? (!object && !accepts && erasing(press) ? t("Select an object to erase from it.") : null);
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
      const title = drawn.erases ? t("Eraser") : t("Brush");
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
    ...kind,
    freehand: true,
    options: [
      {
        kind: "slider",
        id: kind.id,
        label: t("Size"),
        title: t("Size in image pixels. Change it with comma and full stop, Shift and the wheel, or Shift and drag"),
        min: SMALLEST,
        max: LARGEST,
        step: 1,
        log: true,
        value: brush.size,
        format: (size) => t("{size} px", { size }),
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
    wheel(pixels) {
      brush.resize(-pixels / WHEEL_STEP);
      const disc = pointing.disc.peek();
      if (disc) pointing.disc.value = { ...disc, radius: brush.size.peek() / 2 };
    },
    cancel,
  };
}

/** @param {Editor} editor @param {Pointing} pointing */
export function createBrushTool(editor, pointing) {
  return createPainter(editor, pointing, {
    id: "brush",
    title: t("Brush"),
    icon: "brush",
    hint: t("Paint on the selected object, or a new one. Right button or Alt erases; comma and full stop change the size."),
    erases: false,
  });
}

/** @param {Editor} editor @param {Pointing} pointing */
export function createEraserTool(editor, pointing) {
  return createPainter(editor, pointing, {
    id: "eraser",
    title: t("Eraser"),
    icon: "eraser",
    hint: t("Erase from the selected object. Right button or Alt paints; comma and full stop change the size."),
    erases: true,
  });
}
