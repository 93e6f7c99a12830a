/** Zoom, turn, and how the picture and the masks are shown. */

import { t } from "../../core/text.js";
import { viewOptions } from "../view-options.js";
import { always } from "./action.js";

/** @typedef {import("./action.js").Action} Action */

const STEP = 1.25;

/** @type {Action} */
const zoomIn = {
  id: "zoom-in",
  title: t("Zoom in"),
  group: t("View"),
  keys: ["+", "="],
  enabled: always,
  perform: ({ editor }) => editor.viewport.zoom(STEP),
};

/** @type {Action} */
const zoomOut = {
  id: "zoom-out",
  title: t("Zoom out"),
  group: t("View"),
  keys: ["-"],
  enabled: always,
  perform: ({ editor }) => editor.viewport.zoom(1 / STEP),
};

/** @type {Action} */
const zoomFit = {
  id: "zoom-fit",
  title: t("Fit to window"),
  group: t("View"),
  keys: ["0", "F"],
  enabled: always,
  perform: ({ editor }) => editor.viewport.fit(),
};

/** @type {Action} */
const zoomWhole = {
  id: "zoom-100",
  title: t("Actual pixels (1:1)"),
  group: t("View"),
  keys: ["Shift+1", "!"],
  enabled: always,
  perform: ({ editor }) => editor.viewport.centre(1 / editor.viewport.size.peek().dpr),
};

/** @type {Action} */
const rotate = {
  id: "rotate-view",
  title: t("Rotate view 90°"),
  group: t("View"),
  keys: ["Shift+R"],
  enabled: always,
  perform: ({ editor }) => editor.viewport.rotate(1),
};

/**
 * @param {string} id @param {string} title @param {readonly string[]} keys
 * @param {'outlines'|'crosshair'|'minimap'|'inspector'|'filmstrip'|'cursors'|'comments'|'previews'} option
 * @returns {Action}
 */
const toggle = (id, title, keys, option) => ({
  id,
  title,
  group: t("View"),
  keys,
  enabled: always,
  perform() {
    const on = !viewOptions[option].peek();
    viewOptions[option].value = on;
    return { say: on ? t("{what}: on", { what: title }) : t("{what}: off", { what: title }) };
  },
});

const showOutlines = toggle("outlines", t("Outlines only"), ["Shift+L"], "outlines");
const showCrosshair = toggle("crosshair", t("Crosshair"), ["J"], "crosshair");
const showMinimap = toggle("minimap", t("Mini-map"), [], "minimap");
const showInspector = toggle("inspector", t("Pixel inspector"), [], "inspector");
const showCursors = toggle("cursors", t("Others' pointers"), [], "cursors");
const showComments = toggle("pinned-comments", t("Comments on the image"), ["Shift+K"], "comments");
const showPreviews = toggle("previews", t("Preview what others point at"), [], "previews");

/** @type {Action} */
const lookHere = {
  id: "look-here",
  title: t("Show others where you point"),
  group: t("View"),
  keys: ["Shift+P"],
  enabled: ({ doc }) => doc.presence.here.value.length > 0,
  perform({ doc, editor }) {
    const { viewport } = editor;
    doc.presence.look(viewport.clip(editor.cursor.peek() ?? doc.presence.pointer() ?? viewport.middle()));
    return { say: t("Shown to others.") };
  },
};
const showFilmstrip = toggle("filmstrip", t("Filmstrip"), ["Shift+F"], "filmstrip");

/** @type {Action} */
const colorsPerObject = {
  id: "colors-per-object",
  title: t("Colour by object"),
  group: t("View"),
  keys: [],
  enabled: always,
  perform() {
    viewOptions.colors.value = viewOptions.colors.peek() === "object" ? "label" : "object";
  },
};

/** In the order the help lists them. */
export const viewActions = Object.freeze([
  zoomIn,
  zoomOut,
  zoomFit,
  zoomWhole,
  rotate,
  showOutlines,
  colorsPerObject,
  showCrosshair,
  showMinimap,
  showInspector,
  showFilmstrip,
  showCursors,
  showComments,
  showPreviews,
  lookHere,
]);
