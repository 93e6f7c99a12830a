/** A button that opens a short list of things to do. Arrow keys move in it, Escape closes it and goes back to the button. */

import { h, set } from "../dom.js";
import { icon } from "../icons.js";
import { closeOnPressOutside } from "./outside-press.js";

/** @typedef {{title: string, icon?: string, danger?: boolean, perform: () => void}} MenuItem */

/**
 * @param {HTMLButtonElement} button  what opens it
 * @param {MenuItem[]} items
 * @returns {HTMLElement} the button with its menu
 */
export function menuOf(button, items) {
  const list = h("div", { class: "menu", role: "menu", hidden: true });
  const root = h("div", { class: "menu-root" }, button, list);
  let forget = () => {};

  const close = () => {
    forget();
    list.hidden = true;
    set(button, { "aria-expanded": "false" });
  };
  const open = () => {
    list.hidden = false;
    forget();
    forget = closeOnPressOutside(root, close);
    set(button, { "aria-expanded": "true" });
    const { right } = list.getBoundingClientRect();
    set(list, { "data-left": right > document.documentElement.clientWidth });
    /** @type {HTMLElement} */ (list.firstElementChild).focus();
  };

  for (const item of items) {
    const perform = () => {
      close();
      button.focus();
      item.perform();
    };
    list.append(
      h(
        "button",
        { type: "button", role: "menuitem", tabindex: "-1", "data-danger": !!item.danger, onclick: perform },
        item.icon ? icon(item.icon) : null,
        item.title,
      ),
    );
  }
  set(button, { "aria-haspopup": "menu", "aria-expanded": "false" });
  button.addEventListener("click", () => (list.hidden ? open() : close()));
  root.addEventListener("focusout", (event) => {
    if (!root.contains(/** @type {Node|null} */ (event.relatedTarget))) close();
  });
  root.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    event.stopPropagation(); // while it is open no key means anything on the page
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      close();
      button.focus();
    } else if (step) {
      const all = /** @type {HTMLElement[]} */ ([...list.children]).filter(({ hidden }) => !hidden);
      const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      all[(at + step + all.length) % all.length].focus();
    } else return;
    event.preventDefault();
  });
  return root;
}
