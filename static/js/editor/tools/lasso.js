/** The lasso tool: a loop around the object, whose box and a few points inside become the prompt. */

import { computed } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { boundsOf, placesInside } from "../../geometry/stroke-samples.js";
import { excludesNothing, refuseToExclude } from "./excluding.js";
import { DRAG_FROM, distance, reach } from "./tool.js";

/** @typedef {import("./tool.js").Press} Press */
/** @typedef {import("./tool.js").Place} Place */

/**
 * Points inside the loop. On Berkeley's photographs loops drawn at a distance from the object of 0.05, 0.12 and 0.2 of its
 * size gave a mean IoU of 0.86, 0.75 and 0.62 by their boxes alone, and of 0.87, 0.87 and 0.85 with eight points.
 */
const POINTS = 8;

/** @type {import("./tool.js").ToolKind} */
export const lassoTool = {
  id: "lasso",
  title: t({ en: "Lasso", zh: "套索" }),
  keys: ["L"],
  icon: '<path d="M7.500 15.200C5 14.200 3.500 12.300 3.500 10c0-3.600 3.800-6 8.500-6s8.500 2.400 8.500 6-3.800 6-8.500 6c-.9 0-1.700-.1-2.500-.3"/><circle cx="8.200" cy="16" r="1.800"/><path d="M7.500 17.800c.2 1.500-.6 2.500-2 3.200"/>',
  hint: t({
    en: "Draw a loop around the object. With the keyboard, Space adds a corner; at the first corner it closes the loop.",
    zh: "绕对象画一圈。用键盘时，按空格键添加角点；回到第一个角点再按即闭合。",
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
  let loop = null;

  const note = computed(() =>
    counted(
      POINTS,
      "Using the loop's box and {count} point.",
      { en: "Using the loop's box and {count} points.", zh: "使用圈的外框及其中的 {count} 个点。" },
    ),
  );

  /** @param {Press} press */
  const refused = (press) => excludesNothing(doc, press);

  /** @param {Press} press */
  function begin(press) {
    loop = { places: [viewport.clip(press.place)], exclude: press.exclude, from: press.screen, moved: false };
  }

  /** @param {Place|null} next a corner that may follow, as the keyboard's pointer shows it */
  function show(next = null) {
    const places = loop && (next ? [...loop.places, next] : loop.places);
    pointing.trail.value = loop &&
      places && {
        kind: loop.exclude ? "exclude" : "include",
        loop: true,
        places,
        points: places.length > 2 ? placesInside(places, POINTS) : [],
      };
  }

  function cancel() {
    const busy = loop !== null;
    loop = null;
    show();
    return busy;
  }

  function finish() {
    const drawn = loop;
    cancel();
    if (!drawn) return;
    const inside = placesInside(drawn.places, POINTS);
    if (!inside.length) return;
    const label = /** @type {0|1} */ (drawn.exclude ? 0 : 1);
    const points = inside.map(({ x, y }) => ({ x, y, label }));
    prompting.addAll(lassoTool.title, points, drawn.exclude ? null : boundsOf(drawn.places));
  }

  return {
    freehand: true,
    options: [{ kind: "note", text: note }],
    enable() {
      pointing.shape.value = "box";
    },
    disable: () => void cancel(),
    hover(press) {
      pointing.shape.value = refused(press) ? "default" : "box";
      if (loop) show(viewport.clip(press.place));
    },
    leave() {},
    press(press) {
      cancel();
      if (refused(press)) refuseToExclude(doc);
      else begin(press);
    },
    drag(press) {
      if (!loop) return;
      loop.moved ||= distance(press.screen, loop.from) >= DRAG_FROM;
      loop.places.push(viewport.clip(press.place));
      show();
    },
    release() {
      if (loop?.moved) finish();
      else cancel();
    },
    click(press) {
      if (!loop) {
        if (refused(press)) return refuseToExclude(doc);
        begin(press);
        doc.said.value = t({
          en: "First corner set. Add more with Space; press it at the first corner again to close the loop.",
          zh: "已设第一个角点。用空格键添加其余角点，回到第一个角点再按即闭合。",
        });
      } else if (loop.places.length > 2 && distance(press.place, loop.places[0]) <= reach(editor, press)) {
        return finish();
      } else loop.places.push(viewport.clip(press.place));
      show();
    },
    cancel,
  };
}
