/** The scribble tool: a freehand stroke over the object, a few points of which become the prompt. */

import { computed } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { placesAlong } from "../../geometry/stroke-samples.js";
import { excludesNothing, refuseToExclude } from "./excluding.js";
import { DRAG_FROM, distance } from "./tool.js";

/** @typedef {import("./tool.js").Press} Press */
/** @typedef {import("./tool.js").Place} Place */

/**
 * Points of a stroke. On Berkeley's photographs strokes along the middle of the object gave a mean IoU of 0.75 with one
 * point, 0.86 with five, 0.80 with eight and 0.69 with twelve: a network trained with a few clicks takes many for parts.
 */
const POINTS = 5;
/** Share of the stroke's length at either end that is passed over: people draw out of the object. */
const ENDS = 0.04;

/** @type {import("./tool.js").ToolKind} */
export const scribbleTool = {
  id: "scribble",
  title: t({ en: "Scribble", zh: "涂画" }),
  keys: ["Q"],
  icon: '<path d="M3.5 15.500c2.500-6.500 5-9.500 6.500-8.500s-3 7.500-1 8.500 5-7.500 7-6.500-2 6.500 0 7.200 3-1.200 4.500-3.700"/>',
  hint: t({
    en: "Draw a stroke over the object. Use the right button or Alt to exclude what doesn't belong.",
    zh: "在对象上画一笔。用右键或按住 Alt 画过不属于它的部分以排除。",
  }),
  prompts: true,
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
  /** @type {{places: Place[], exclude: boolean, from: Place, moved: boolean}|null} */
  let stroke = null;

  const note = computed(() =>
    counted(
      POINTS,
      "Using {count} point from your stroke.",
      { en: "Using {count} points from your stroke.", zh: "使用笔画中的 {count} 个点。" },
    ),
  );
  const noteForMouse = computed(() => t({ en: "Right button or Alt to exclude.", zh: "用右键或按住 Alt 以排除。" }));

  /** @param {Press} press */
  const refused = (press) => excludesNothing(doc, press);

  function show() {
    pointing.trail.value = stroke && {
      kind: stroke.exclude ? "exclude" : "include",
      places: stroke.places,
      points: placesAlong(stroke.places, POINTS, ENDS),
    };
  }

  /** @param {readonly Place[]} places @param {boolean} exclude */
  function say(places, exclude) {
    const label = /** @type {0|1} */ (exclude ? 0 : 1);
    prompting.addAll(
      scribbleTool.title,
      places.map(({ x, y }) => ({ x, y, label })),
    );
  }

  function cancel() {
    const busy = stroke !== null;
    stroke = null;
    show();
    return busy;
  }

  return {
    freehand: true,
    options: [
      { kind: "note", text: note },
      { kind: "note", text: noteForMouse, forMouse: true },
    ],
    enable() {
      pointing.shape.value = "include";
    },
    disable: () => void cancel(),
    hover(press) {
      pointing.shape.value = refused(press) || !viewport.contains(press.place) ? "default" : press.exclude ? "exclude" : "include";
    },
    leave() {},
    press(press) {
      if (refused(press)) refuseToExclude(doc);
      else stroke = { places: [viewport.clip(press.place)], exclude: press.exclude, from: press.screen, moved: false };
    },
    drag(press) {
      if (!stroke) return;
      stroke.moved ||= distance(press.screen, stroke.from) >= DRAG_FROM;
      stroke.places.push(viewport.clip(press.place));
      show();
    },
    release(press) {
      const drawn = stroke;
      cancel();
      if (!drawn) return;
      if (drawn.moved) say(placesAlong(drawn.places, POINTS, ENDS), drawn.exclude);
      else if (viewport.contains(press.place)) say(drawn.places, drawn.exclude);
    },
    click(press) {
      if (refused(press)) refuseToExclude(doc);
      else say([press.place], press.exclude);
    },
    cancel,
  };
}
