/** The box tool: drag a box around the object, or give two corners; handles change it. */

import { t } from "../../core/text.js";
import { createBoxDrag } from "./box-drag.js";

/**
 * @param {import("./tool.js").Editor} editor
 * @param {import("./tool.js").Pointing} pointing
 * @returns {import("./tool.js").Tool}
 */
export function createBoxTool(editor, pointing) {
  const { doc } = editor;
  const boxDrag = createBoxDrag(editor, pointing);
  let byCorners = false;

  function settle() {
    byCorners = false;
    return boxDrag.cancel();
  }

  return {
    id: "box",
    title: t("Box"),
    icon: "box",
    hint: t("Drag a box around the object. Drag its handles to adjust it."),
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
      doc.said.value = t("First corner set. Move to the opposite corner and press Space.");
    },
    cancel: settle,
  };
}
