/** Short messages about something that is not where the eye is; each can be put away, some offer a way on. */

import { t } from "../core/text.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_MS = 6000;

/** @typedef {{text: string, action?: {title: string, perform: () => void}}} Toast */

/** @param {HTMLElement} parent */
export function createToasts(parent) {
  const list = h("div", { class: "toasts", role: "status" });
  parent.append(list);

  /** @param {Toast} toast one with an action stays until it is answered */
  return function show({ text, action }) {
    const close = () => element.remove();
    const perform = () => {
      close();
      action?.perform();
    };
    const element = h(
      "div",
      { class: "toast" },
      h("span", {}, text),
      action ? h("button", { type: "button", class: "button quiet", onclick: perform }, action.title) : null,
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": t("Dismiss"), onclick: close },
        icon("close"),
      ),
    );
    list.append(element);
    if (!action) setTimeout(close, SHOWN_MS);
  };
}
