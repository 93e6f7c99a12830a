/** The select tool: a click takes an object, a drag moves the picture. */

import { counted, t } from "../../core/text.js";
import { objectAt } from "../picking.js";
import { DRAG_FROM, distance } from "./tool.js";

/** @typedef {import("./tool.js").Press} Press */

/** @type {import("./tool.js").ToolKind} */
export const selectTool = {
  id: "select",
  title: t({ en: "Select and move", zh: "选择与移动" }),
  keys: ["V"],
  icon: '<path d="M5 4l6.5 16 2.3-6.700L20.5 11z"/>',
  hint: t({
    en: "Click an object to select it, Shift-click to select several. Drag to pan.",
    zh: "单击选择对象，按住 Shift 单击可多选。拖动以平移图像。",
  }),
  create,
};

/**
 * @param {import("./tool.js").Editor} editor
 * @param {import("./tool.js").Pointing} pointing
 * @returns {import("./tool.js").Handling}
 */
function create(editor, pointing) {
  const { doc } = editor;
  /** @type {Press|null} */
  let last = null;
  let moved = false;

  /** @param {Press} press */
  function under(press) {
    return objectAt(doc.objects.all.peek(), doc.objects.concealed.peek(), press.place);
  }

  /** @param {Press} press */
  function click(press) {
    const object = under(press);
    if (press.shift) {
      if (object) doc.objects.selectMore(object.id);
      const count = doc.objects.selectedIds.peek().size;
      doc.said.value = counted(count, "{count} object selected.", { en: "{count} objects selected.", zh: "已选择 {count} 个对象。" });
      return;
    }
    doc.objects.select(object?.id ?? null);
    if (!object) doc.said.value = t({ en: "Nothing selected.", zh: "未选择任何对象。" });
    else doc.said.value = t({ en: "{label} selected.", zh: "已选择 {label}。" }, { label: object.label });
  }

  function settle() {
    const busy = last !== null;
    last = null;
    pointing.hoveredObject.value = null;
    return busy;
  }

  return {
    enable() {
      pointing.shape.value = "grab";
    },
    disable: () => void settle(),
    hover(press) {
      const object = under(press);
      pointing.hoveredObject.value = object?.id ?? null;
      pointing.shape.value = object ? "pick" : "grab";
    },
    leave: () => void settle(),
    press(press) {
      last = press;
      moved = false;
    },
    drag(press) {
      if (!last) return;
      if (!moved && distance(press.screen, last.screen) < DRAG_FROM) return;
      moved = true;
      pointing.shape.value = "grabbing";
      editor.viewport.pan(press.screen.x - last.screen.x, press.screen.y - last.screen.y);
      last = press;
    },
    release(press) {
      if (last && !moved) click(press);
      last = null;
      pointing.shape.value = "grab";
    },
    click,
    cancel: settle,
  };
}
