/** The keyboard's pointer: arrows move it over the picture, Space clicks with the active tool. */

import { t } from "../../core/text.js";
import { always } from "./action.js";

/** @typedef {import("./action.js").Action} Action */
/** @typedef {import("./action.js").App} App */

const COARSE = 12; // CSS pixels a keypress
const FINE = 1;

/** @param {App} app @param {boolean} exclude @returns {import("../tools/tool.js").Press|null} */
function pressAt({ editor }, exclude) {
  const place = editor.cursor.peek();
  if (!place) return null;
  const excludes = exclude || editor.excluding.peek();
  return { place, screen: editor.viewport.toScreen(place), exclude: excludes, touch: false };
}

/** @param {App} app @param {number} dx @param {number} dy CSS pixels */
function move(app, dx, dy) {
  const { viewport, cursor } = app.editor;
  const { width, height } = viewport.size.peek();
  const { width: across, height: down } = viewport.picture.peek();
  const from = cursor.peek() ?? viewport.clip(viewport.toImage({ x: width / 2, y: height / 2 }));
  const { scale } = viewport.view.peek();
  const step = cursor.peek() ? 1 : 0; // the first keypress only shows it
  const x = Math.min(across - 0.5, Math.max(0.5, from.x + (step * dx) / scale));
  const y = Math.min(down - 0.5, Math.max(0.5, from.y + (step * dy) / scale));
  cursor.value = { x, y };
  viewport.reveal({ x, y });
  const press = pressAt(app, false);
  if (press) app.tools.active.peek().hover(press);
}

/**
 * @param {string} key @param {string} way @param {number} dx @param {number} dy
 * @param {readonly [string, string]} titles  in large and in small steps
 * @returns {Action[]}
 */
function arrow(key, way, dx, dy, [coarse, fine]) {
  /** @type {(prefix: string, title: string, size: number) => Action} */
  const action = (prefix, title, size) => ({
    id: `cursor-${way}${prefix ? "-fine" : ""}`,
    title,
    group: t("Keyboard pointer"),
    family: t("Move the pointer (with Shift by one pixel)"),
    keys: [prefix + key],
    onStage: true,
    enabled: always,
    perform: (app) => move(app, dx * size, dy * size),
  });
  return [
    action("", coarse, COARSE),
    action("Shift+", fine, FINE),
  ];
}

export const moveCursor = [
  ...arrow("ArrowLeft", "left", -1, 0, [t("Move the pointer left"), t("Move the pointer left by one pixel")]),
  ...arrow("ArrowRight", "right", 1, 0, [t("Move the pointer right"), t("Move the pointer right by one pixel")]),
  ...arrow("ArrowUp", "up", 0, -1, [t("Move the pointer up"), t("Move the pointer up by one pixel")]),
  ...arrow("ArrowDown", "down", 0, 1, [t("Move the pointer down"), t("Move the pointer down by one pixel")]),
];

/** @type {(id: string, title: string, key: string, exclude: boolean) => Action} */
const clickAction = (id, title, key, exclude) => ({
  id,
  title,
  group: t("Keyboard pointer"),
  keys: [key],
  onStage: true,
  enabled: always,
  perform(app) {
    const press = pressAt(app, exclude);
    if (press) return void app.tools.active.peek().click(press);
    move(app, 0, 0);
    return { say: t("The pointer is shown. Move it with the arrow keys; Space clicks.") };
  },
});

export const clickCursor = clickAction("cursor-click", t("Click at the pointer"), "Space", false);
export const excludeAtCursor = clickAction("cursor-exclude", t("Exclude at the pointer"), "Shift+Space", true);
/** Enter clicks while there is no mask to accept. @type {Action} */
export const enterClicks = {
  ...clickAction("cursor-enter", t("Click at the pointer (when there is no mask)"), "Enter", false),
  enabled: ({ doc, editor }) => editor.cursor.value !== null && doc.prompting.empty.value,
};
