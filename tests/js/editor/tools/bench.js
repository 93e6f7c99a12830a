/** What tests of tools need: a picture with objects, a document and an editor on it, and presses. */

import { createEditor } from "../../../../static/js/editor/editor.js";
import { createProposing } from "../../../../static/js/editor/proposing.js";
import { createStageTools } from "../../../../static/js/editor/tools/index.js";
import { SIZE, picture, world } from "../../document/opened.js";

/** @typedef {import("../../../../static/js/editor/tools/tool.js").Press} Press */

export { SIZE };

/** One screen pixel is an image pixel. @param {number} x @param {number} y @param {Partial<Press>} [more] @returns {Press} */
export const at = (x, y, more = {}) => ({ place: { x, y }, screen: { x, y }, exclude: false, touch: false, free: true, ...more });

/** The tools on a picture called "first". */
export function bench() {
  const doc = world().blank();
  const editor = createEditor(doc, createProposing());
  const { pointing, tools } = createStageTools(editor);
  const open = (/** @type {string} */ id) => void doc.open(picture(id));
  open("first");
  editor.viewport.view.value = { scale: 1, x: 0, y: 0, turn: 0 };
  const { objects, history } = doc;
  return { doc, editor, objects, history, pointing, tools, open, shown: objects.all };
}
