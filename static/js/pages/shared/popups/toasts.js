/** Short messages about something that is not where the eye is; each can be dismissed, some offer an action. */

import { t } from "../../../core/text.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";

const SHOWN_MS = 6000;
const OFFERED_MS = 12_000;

/** @typedef {{text: string, action?: {title: string, perform: () => void}, passing?: boolean}} Toast  passing: there is another way */

/** @param {HTMLElement} parent */
export function createToasts(parent) {
  const list = parent.querySelector(":scope > .toasts") ?? h("div", { class: "toasts", role: "status" });
  parent.append(list);

  /** @param {Toast} toast one with an action stays until it is answered, unless it is passing @returns {() => void} takes it away */
  return function show({ text, action, passing = false }) {
    const close = () => element.remove();
    let attended = false;
    /** Not while it is pointed at or has the focus. */
    const leave = () => (attended ? void setTimeout(leave, SHOWN_MS) : close());
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
    element.addEventListener("pointerenter", () => (attended = true));
    element.addEventListener("pointerleave", () => (attended = element.contains(document.activeElement)));
    element.addEventListener("focusin", () => (attended = true));
    element.addEventListener("focusout", () => (attended = false));
    list.append(element);
    if (!action || passing) setTimeout(leave, action ? OFFERED_MS : SHOWN_MS);
    return close;
  };
}
