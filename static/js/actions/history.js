/** Undo and redo: of the prompt while there is one, else of what was done to the objects. */

/** @typedef {import("./action.js").Action} Action */

/** @type {Action} */
export const undo = {
  id: "undo",
  title: "Undo",
  group: "Edit",
  keys: ["Mod+Z"],
  enabled: ({ session }) => session.prompting.canUndo.value || session.edits.canUndo.value,
  perform({ session }) {
    if (session.prompting.canUndo.peek()) session.prompting.undo();
    else session.edits.undo();
    session.said.value = "Undone.";
  },
};

/** @type {Action} */
export const redo = {
  id: "redo",
  title: "Redo",
  group: "Edit",
  keys: ["Mod+Shift+Z", "Mod+Y"],
  enabled: ({ session }) => session.prompting.canRedo.value || session.edits.canRedo.value,
  perform({ session }) {
    if (session.prompting.canRedo.peek()) session.prompting.redo();
    else session.edits.redo();
    session.said.value = "Redone.";
  },
};
