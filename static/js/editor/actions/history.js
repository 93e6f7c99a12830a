/** Undo and redo, across prompts, drafts of tools and edits of objects, in the order they were done. */

import { t } from "../../core/text.js";

/** @typedef {import("./action.js").Action} Action */

/** @type {Action} */
export const undo = {
  id: "undo",
  title: t("Undo"),
  group: t("Edit"),
  keys: ["Mod+Z"],
  detail: ({ session }) => session.history.undoTitle.value,
  enabled: ({ session }) => session.history.canUndo.value,
  perform({ session }) {
    const title = session.history.undo();
    if (title !== null) session.said.value = t("Undone: {step}", { step: title });
  },
};

/** @type {Action} */
export const redo = {
  id: "redo",
  title: t("Redo"),
  group: t("Edit"),
  keys: ["Mod+Shift+Z", "Mod+Y"],
  detail: ({ session }) => session.history.redoTitle.value,
  enabled: ({ session }) => session.history.canRedo.value,
  perform({ session }) {
    const title = session.history.redo();
    if (title !== null) session.said.value = t("Redone: {step}", { step: title });
  },
};
