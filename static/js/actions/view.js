/** Zoom. */

import { always } from "./action.js";

/** @typedef {import("./action.js").Action} Action */

const STEP = 1.25;

/** @type {Action} */
export const zoomIn = {
  id: "zoom-in",
  title: "Zoom in",
  group: "View",
  keys: ["+", "="],
  enabled: always,
  perform: ({ session }) => session.viewport.zoom(STEP),
};

/** @type {Action} */
export const zoomOut = {
  id: "zoom-out",
  title: "Zoom out",
  group: "View",
  keys: ["-"],
  enabled: always,
  perform: ({ session }) => session.viewport.zoom(1 / STEP),
};

/** @type {Action} */
export const zoomFit = {
  id: "zoom-fit",
  title: "Fit the picture",
  group: "View",
  keys: ["0", "F"],
  enabled: always,
  perform: ({ session }) => session.viewport.fit(),
};

/** @type {Action} */
export const zoomWhole = {
  id: "zoom-100",
  title: "One image pixel per screen pixel",
  group: "View",
  keys: ["Shift+1", "!"],
  enabled: always,
  perform: ({ session }) => session.viewport.centre(1 / session.viewport.size.peek().dpr),
};
