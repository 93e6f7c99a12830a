/** Dark, light, or as the system: chosen by the person, remembered by this browser. */

import { NEXT_THEME, THEMES } from "../actions/page.js";
import { effect, signal } from "../core/signals.js";
import { t } from "../core/text.js";
import { h, set } from "./dom.js";
import { icon } from "./icons.js";

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
 * @param {import("../core/signals.js").Signal<Theme>} theme
 * @param {() => string} [hint]  " (T)", where a key does the same
 */
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
