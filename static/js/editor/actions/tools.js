/** Taking up a tool. */

import { t } from "../../core/text.js";
import { TOOLS } from "../tools/index.js";

/** @type {(kind: import("../tools/tool.js").ToolKind) => import("./action.js").Action} */
const takeUp = ({ id, title, keys, hint }) => ({
  id: `tool-${id}`,
  title,
  group: t("Tools"),
  keys,
  enabled: ({ tools }) => tools.list.some((tool) => tool.id === id),
  perform({ tools }) {
    tools.select(id);
    return { say: t("{tool}. {hint}", { tool: title, hint }) };
  },
});

/** One for each tool there is. */
export const takeUpTools = TOOLS.map(takeUp);

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
  enabled: ({ tools }) => tools.active.value.resize !== undefined,
  perform: ({ tools }) => tools.active.peek().resize?.(steps),
});

export const smallerBrush = resize("brush-smaller", t("Smaller brush"), ",", -1);
export const largerBrush = resize("brush-larger", t("Larger brush"), ".", 1);
