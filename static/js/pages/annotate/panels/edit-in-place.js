/** A name that becomes a text field: Enter keeps what was typed, Escape does not. */

import { h } from "../../shared/dom.js";

let lists = 0; // of suggestions, each with its own id

/**
 * @param {HTMLElement} shown hidden meanwhile
 * @param {string} value
 * @param {string} title
 * @param {(text: string) => void} keep
 * @param {{suggested?: readonly string[], home?: HTMLElement}} [options]  home: what has the focus afterwards
 */
export function editInPlace(shown, value, title, keep, { suggested = [], home = shown } = {}) {
  const list = suggested.length ? `suggested-${++lists}` : null;
  const input = h("input", {
    class: "field in-place",
    type: "text",
    maxlength: 100,
    value,
    list,
    "aria-label": title,
  });
  const options = list && h("datalist", { id: list }, ...suggested.map((text) => h("option", { value: text })));
  let open = true;

  /** @param {boolean} kept */
  function close(kept) {
    if (!open) return;
    open = false;
    const text = input.value.trim();
    const focused = document.activeElement === input;
    input.remove();
    if (options) options.remove();
    shown.hidden = false;
    if (focused) home.focus();
    if (kept && text && text !== value) keep(text);
  }

  input.addEventListener("blur", () => close(true));
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault(); // else it presses what has the focus by then
      close(true);
    } else if (event.key === "Escape") close(false);
  });
  shown.hidden = true;
  shown.after(input, options || "");
  input.select();
  input.focus();
}
