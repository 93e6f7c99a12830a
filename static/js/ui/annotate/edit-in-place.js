/** A name that becomes a text field: Enter keeps what was typed, Escape does not. */

import { h } from "../dom.js";

/**
 * @param {HTMLElement} shown hidden meanwhile
 * @param {string} value
 * @param {string} title
 * @param {(text: string) => void} keep
 */
export function editInPlace(shown, value, title, keep) {
  const input = h("input", {
    class: "field in-place",
    type: "text",
    maxlength: 100,
    value,
    "aria-label": title,
  });
  let open = true;

  /** @param {boolean} kept */
  function close(kept) {
    if (!open) return;
    open = false;
    const text = input.value.trim();
    const focused = document.activeElement === input;
    input.remove();
    shown.hidden = false;
    if (focused) shown.focus();
    if (kept && text && text !== value) keep(text);
  }

  input.addEventListener("blur", () => close(true));
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") close(true);
    else if (event.key === "Escape") close(false);
  });
  shown.hidden = true;
  shown.after(input);
  input.select();
  input.focus();
}
