/** Letters that are a label's and a tool's: the tool keeps its key until the person, asked once, says otherwise. */

import { effect } from "../../../core/signals.js";
import { counted, t } from "../../../core/text.js";
import { contested, decide } from "../../../editor/actions/keymap.js";

/** @typedef {import("../../../editor/actions/action.js").Action} Action */

/** What a letter means instead of its label. @param {readonly Action[]} actions */
export const meanings = (actions) => actions.map(({ title }) => t("“{action}”", { action: title })).join(t(", "));

/** @param {ReturnType<typeof import("../../shared/popups/toasts.js").createToasts>} toast */
export function askAboutKeys(toast) {
  effect(() => {
    const open = contested.value.filter(({ asked }) => !asked);
    if (!open.length) return;
    const keys = open.map(({ key }) => key);
    const [{ key, label, actions }] = open;
    const text =
      open.length === 1
        ? t("{key} is assigned to the label {label} and to {action}.", { key, label, action: meanings(actions) })
        : t("Some labels use the same shortcuts as tools: {keys}.", { keys: keys.join(t(", ")) });
    queueMicrotask(() => {
      decide(keys, false); // the tools keep them, whatever becomes of the question
      const title = counted(keys.length, "Use for label", "Use for labels");
      toast({ text, action: { title, perform: () => decide(keys, true) } });
    });
  });
}
