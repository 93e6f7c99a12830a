/** Undo and redo, across prompts, drafts of tools and edits of objects, in the order they were done. */

import { t } from "../../core/text.js";

/** @typedef {import("./action.js").Action} Action */

/** @type {Action} */
export const undo = {
  id: "undo",
  title: t("Undo"),
  group: t("Edit"),
  keys: ["Mod+Z"],
  detail: ({ doc }) => doc.history.undoTitle.value,
  enabled: ({ doc }) => doc.history.canUndo.value,
  perform({ doc }) {
    const title = doc.history.undo();
    if (title !== null) return { say: t("Undone: {step}", { step: title }) };
  },
};

/** @type {Action} */
export const redo = {
  id: "redo",
  title: t("Redo"),
  group: t("Edit"),
  keys: ["Mod+Shift+Z", "Mod+Y"],
  detail: ({ doc }) => doc.history.redoTitle.value,
  enabled: ({ doc }) => doc.history.canRedo.value,
  perform({ doc }) {
    const title = doc.history.redo();
    if (title !== null) return { say: t("Redone: {step}", { step: title }) };
  },
};
