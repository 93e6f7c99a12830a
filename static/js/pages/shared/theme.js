/** Dark, light, or as the system: chosen by the person, remembered by this browser. */

import { NEXT_THEME, THEMES } from "../../editor/actions/page.js";
import { effect, signal } from "../../core/signals.js";
import { language, languages, speak, t } from "../../core/text.js";
import { accountMenu } from "./account/menu.js";
import { h, set } from "./dom.js";
import { icon } from "./icons.js";
import { menuOf } from "./popups/menu.js";

/** @typedef {'dark'|'light'|'system'} Theme */

const STORED_AS = "samphire.theme";

export function createTheme() {
  const root = document.documentElement;
  const theme = signal(/** @type {Theme} */ (root.dataset.theme ?? "system"));
  let first = true;
  effect(() => {
    root.dataset.theme = theme.value;
    if (!first) {
      try {
        localStorage.setItem(STORED_AS, theme.value);
      } catch {
        // Forbidden storage: the choice lives as long as the page.
      }
    }
    first = false;
  });
  return theme;
}

/**
 * How the page looks and speaks, and who is signed in.
 * @param {import("../../core/signals.js").Signal<Theme>} theme
 * @param {() => string} [hint]  " (T)", where a key changes the theme
 * @returns {HTMLElement[]}
 */
export function appearance(theme, hint) {
  return [languageMenu(), themeButton(theme, hint), ...accountMenu()];
}

/** Each language under its own name, so that it is found by those who cannot read the page. */
function languageMenu() {
  const title = t("Language: {language}", { language: languages[language] ?? language });
  const button = h("button", { type: "button", class: "icon-button", title, "aria-label": title }, icon("language"));
  const items = Object.entries(languages).map(([code, name]) => ({
    title: name,
    icon: code === language ? "check" : undefined,
    perform: () => code === language || speak(code),
  }));
  const menu = menuOf(button, items);
  menu.classList.add("language-menu");
  menu.querySelectorAll("[role=menuitem]").forEach((item, i) => set(item, { lang: Object.keys(languages)[i] }));
  return menu;
}

/** @param {import("../../core/signals.js").Signal<Theme>} theme @param {() => string} [hint] */
export function themeButton(theme, hint = () => "") {
  const button = h("button", {
    type: "button",
    class: "icon-button",
    onclick: () => (theme.value = NEXT_THEME[theme.peek()]),
  });
  effect(() => {
    const name = t("Theme: {theme}", { theme: THEMES[theme.value] });
    set(button, { "aria-label": name, title: name + hint() });
    button.replaceChildren(icon(`theme-${theme.value}`));
  });
  return button;
}
