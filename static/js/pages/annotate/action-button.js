/** A button for an action of the registry: its name, its key in the tooltip, dead when it can do nothing. */

import { effect } from "../../core/signals.js";
import { run } from "../../editor/actions/action.js";
import { action } from "../../editor/actions/index.js";
import { h, set } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { showKeys } from "./commands/keys-shown.js";

/** @param {import("../../editor/actions/action.js").App} app @param {string} id @param {string} iconName */
export function actionButton(app, id, iconName) {
  const { title, detail, enabled } = action(id);
  const button = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": title, onclick: () => run(action(id), app) },
    icon(iconName),
  );
  showKeys(button, id, (hint) => {
    const now = detail?.(app);
    return (now ? `${title}: ${now}` : title) + hint;
  });
  effect(() => set(button, { disabled: !enabled(app) }));
  return button;
}
