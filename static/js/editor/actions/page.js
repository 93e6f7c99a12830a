/** Help, appearance, and what makes the masks. */

import { language, languages, speak, t } from "../../core/text.js";
import { VISIT } from "../../net/account.js";
import { always } from "./action.js";

/** @typedef {import("./action.js").Action} Action */

/** @type {Action} */
export const help = {
  id: "help",
  title: t("Shortcuts and help"),
  group: t("General"),
  keys: ["?"],
  enabled: always,
  perform({ helpOpen }) {
    helpOpen.value = true;
  },
};

/** @type {Action} */
export const guidelines = {
  id: "guidelines",
  title: t("Guidelines"),
  group: t("General"),
  keys: ["Shift+G"],
  enabled: ({ doc }) => doc.project.value.guidelines !== "",
  perform({ guidelinesOpen }) {
    guidelinesOpen.value = true;
  },
};

/** @type {Action} */
export const showHistory = {
  id: "history",
  title: t("History"),
  group: t("General"),
  keys: ["Shift+J"],
  enabled: () => VISIT === null,
  perform({ historyOpen }) {
    historyOpen.value = true;
  },
};

/** @type {Action} */
export const copyView = {
  id: "copy-view",
  title: t("Copy link to this view"),
  group: t("General"),
  keys: ["Shift+V"],
  enabled: ({ doc }) => VISIT === null && doc.image.value !== null, // a visitor's address opens for nobody else
  perform: ({ copyView: copy }) => copy(),
};

/** @type {Action} */
export const share = {
  id: "share",
  title: t("Share"),
  group: t("General"),
  keys: ["Shift+S"],
  enabled: ({ share: open }) => open !== null,
  perform: ({ share: open }) => open?.(),
};

/** @type {Action} */
export const palette = {
  id: "palette",
  title: t("Command palette"),
  group: t("General"),
  keys: ["Mod+K"],
  enabled: always,
  perform({ paletteOpen }) {
    paletteOpen.value = true;
  },
};

/** @type {Action} */
export const chooseSegmenter = {
  id: "choose-segmenter",
  title: t("Choose a segmentation model"),
  group: t("General"),
  keys: ["S"],
  enabled: always,
  perform({ segmentersOpen }) {
    segmentersOpen.value = true;
  },
};

export const THEMES = Object.freeze({ dark: t("dark"), light: t("light"), system: t("system") });
export const NEXT_THEME = /** @type {const} */ ({ dark: "light", light: "system", system: "dark" });

/** @type {Action} */
export const changeTheme = {
  id: "change-theme",
  title: t("Change theme (dark, light, system)"),
  group: t("General"),
  keys: ["T"],
  enabled: always,
  perform({ theme }) {
    theme.value = NEXT_THEME[theme.peek()];
    return { say: t("Theme: {theme}", { theme: THEMES[theme.peek()] }) };
  },
};

/** One for each language that the page can speak. */
export const changeLanguage = Object.entries(languages).map(([code, name]) => {
  /** @type {Action} */
  const change = {
    id: `language-${code}`,
    title: t("Language: {language}", { language: name }),
    group: t("General"),
    keys: [],
    enabled: () => code !== language,
    perform: () => speak(code),
  };
  return change;
});
