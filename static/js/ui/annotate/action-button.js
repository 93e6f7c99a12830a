/** A button for an action of the registry: its name, its key in the tooltip, dead when it can do nothing. */

import { effect } from "../../core/signals.js";
import { action } from "../../actions/index.js";
import { keyHint } from "../../actions/keys.js";
import { h, set } from "../dom.js";
import { icon } from "../icons.js";

/** @param {import("../../actions/action.js").App} app @param {string} id @param {string} iconName */
export function actionButton(app, id, iconName) {
  const { title, keys, enabled, perform } = action(id);
  const attributes = {
    type: "button",
    class: "icon-button",
    "aria-label": title,
    title: title + keyHint(action(id)),
  };
  const button = h(
    "button",
    { ...attributes, "aria-keyshortcuts": keys[0].replace("Mod", "Control") },
    icon(iconName),
  );
  button.addEventListener("click", () => perform(app));
  effect(() => set(button, { disabled: !enabled(app) }));
  return button;
}
