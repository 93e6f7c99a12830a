/** Taking up a tool. */

import { t } from "../../core/text.js";
import { always } from "./action.js";

/**
 * @param {string} id
 * @param {string} title
 * @param {readonly string[]} keys
 * @returns {import("./action.js").Action}
 */
function takeUp(id, title, keys) {
  return {
    id: `tool-${id}`,
    title,
    group: t("Tools"),
    keys,
    enabled: always,
    perform({ tools }) {
      tools.select(id);
      const { title: tool, hint } = tools.active.peek();
      return { say: t("{tool}. {hint}", { tool, hint }) };
    },
  };
}

export const useSelect = takeUp("select", t("Select and move"), ["V"]);
export const usePoint = takeUp("point", t("Point"), ["P"]);
export const useBox = takeUp("box", t("Box"), ["B"]);
export const useScribble = takeUp("scribble", t("Scribble"), ["Q"]);
export const useLasso = takeUp("lasso", t("Lasso"), ["L"]);
export const useBrush = takeUp("brush", t("Brush"), ["K"]);
export const useEraser = takeUp("eraser", t("Eraser"), ["E"]);
export const usePolygon = takeUp("polygon", t("Polygon"), ["G"]);
export const useWand = takeUp("wand", t("Magic wand"), ["W"]);

/**
 * What the tool in hand is half way through is ended or taken back a step, before these keys mean anything else.
 * @param {string} id @param {string} title @param {readonly string[]} keys @param {'finishing'|'takingBack'} what
 * @returns {import("./action.js").Action}
 */
const halfWay = (id, title, keys, what) => ({
  id,
  title,
  group: t("Tools"),
  keys,
  onStage: true,
  enabled: ({ tools }) => tools.active.value[what]?.able.value ?? false,
  perform: ({ tools }) => tools.active.peek()[what]?.perform(),
});

export const finishShape = halfWay("finish-shape", t("Close polygon"), ["Enter", "N"], "finishing");
export const takeBack = halfWay("take-back", t("Remove point"), ["Backspace", "Delete"], "takingBack");

/** @type {(id: string, title: string, key: string, steps: number) => import("./action.js").Action} */
const resize = (id, title, key, steps) => ({
  id,
  title,
  group: t("Tools"),
  keys: [key],
  enabled: ({ tools }) => ["brush", "eraser"].includes(tools.active.value.id),
  perform: ({ editor }) => editor.brush.resize(steps),
});

export const smallerBrush = resize("brush-smaller", t("Smaller brush"), ",", -1);
export const largerBrush = resize("brush-larger", t("Larger brush"), ".", 1);
