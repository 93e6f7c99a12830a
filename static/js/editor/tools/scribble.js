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

/**
 * @param {import("./tool.js").Editor} editor
 * @param {import("./tool.js").Pointing} pointing
 * @returns {import("./tool.js").Tool}
 */
export function createScribbleTool(editor, pointing) {
  const { doc, viewport } = editor;
  const { prompting } = doc;
  /** @type {{places: Place[], exclude: boolean, from: Place, moved: boolean}|null} */
  let stroke = null;

  const note = computed(() =>
    counted(
      POINTS,
      "Using {count} point from your stroke.",
      "Using {count} points from your stroke.",
    ),
  );
  const noteForMouse = computed(() => t("Right button or Alt to exclude."));

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
      t("Scribble"),
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
    id: "scribble",
    title: t("Scribble"),
    icon: "scribble",
    hint: t("Draw a stroke over the object. Use the right button or Alt to exclude what doesn't belong."),
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
