/** Help, appearance, and what makes the masks. */

import { segmenters } from "../core/state.js";
import { always } from "./action.js";

/** @typedef {import("./action.js").Action} Action */

/** @type {Action} */
export const help = {
  id: "help",
  title: "Keys and help",
  group: "Page",
  keys: ["?"],
  enabled: always,
  perform({ helpOpen }) {
    helpOpen.value = true;
  },
};

/** @type {Action} */
export const chooseSegmenter = {
  id: "choose-segmenter",
  title: "Choose the segmenter",
  group: "Page",
  keys: ["S"],
  enabled: () => segmenters.value.installed.length > 1,
  perform({ segmentersOpen }) {
    segmentersOpen.value = true;
  },
};

export const NEXT_THEME = /** @type {const} */ ({ dark: "light", light: "system", system: "dark" });

/** @type {Action} */
export const changeTheme = {
  id: "change-theme",
  title: "Dark, light, or as the system",
  group: "Page",
  keys: ["T"],
  enabled: always,
  perform({ session, theme }) {
    theme.value = NEXT_THEME[theme.peek()];
    session.said.value = `Theme: ${theme.peek()}.`;
  },
};
