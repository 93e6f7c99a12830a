/** The box tool: drag a box around the object, or give two corners; handles change it. */

import { t } from "../../core/text.js";
import { createBoxDrag } from "./box-drag.js";

/** @type {import("./tool.js").ToolKind} */
export const boxTool = {
  id: "box",
  title: t({ en: "Box", zh: "框" }),
  keys: ["B"],
  icon: '<path d="M6 6h12v12H6z" stroke-dasharray="3.2 2.4"/><path d="M4.5 4.500h3v3h-3zM16.5 4.500h3v3h-3zM4.5 16.500h3v3h-3zM16.5 16.500h3v3h-3z" fill="currentColor"/>',
  hint: t({ en: "Drag a box around the object. Drag its handles to adjust it.", zh: "拖出一个框住对象的框。拖动控制点可调整。" }),
  prompts: true,
  create,
};

/**
 * @param {import("./tool.js").Editor} editor
 * @param {import("./tool.js").Pointing} pointing
 * @returns {import("./tool.js").Handling}
 */
function create(editor, pointing) {
  const { doc } = editor;
  const boxDrag = createBoxDrag(editor, pointing);
  let byCorners = false;

  function settle() {
    byCorners = false;
    return boxDrag.cancel();
  }

  return {
    enable() {
      pointing.shape.value = "box";
    },
    disable: () => void settle(),
    hover(press) {
      const handle = boxDrag.handleUnder(press);
      pointing.shape.value = handle ? `resize-${handle}` : "box";
      if (byCorners) boxDrag.move(press);
    },
    leave() {},
    press(press) {
      byCorners = false;
      if (!boxDrag.grab(press)) boxDrag.begin(press.place);
    },
    drag: boxDrag.move,
    release: () => boxDrag.finish(),
    click(press) {
      if (byCorners) {
        byCorners = false;
        boxDrag.move(press);
        boxDrag.finish();
        return;
      }
      byCorners = true;
      boxDrag.begin(press.place);
      doc.said.value = t({ en: "First corner set. Move to the opposite corner and press Space.", zh: "已设第一个角点。移到对角处按空格键。" });
    },
    cancel: settle,
  };
}
