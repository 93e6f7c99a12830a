/** The magic wand: what around the pointer is coloured alike becomes an object, or is added to one or taken from it. */

import { computed, effect, signal } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { applyRegion, objection } from "./applying.js";
import { createFlooding } from "./flooding.js";

/** @typedef {import("./tool.js").Press} Press */

const TOLERANCE = 24; // of 255
const MOST = 128;
const WHEEL_STEP = 2; // a notch

/** @type {import("./tool.js").ToolKind} */
export const wandTool = {
  id: "wand",
  title: t({ en: "Magic wand", zh: "魔棒" }),
  keys: ["W"],
  icon: '<path d="M4 20l10.500-10.500M12.700 7.700l3.600 3.600M16 3v3M14.500 4.500h3M20.500 8.500v3M19 10h3M8 4v2.600M6.700 5.300h2.600"/>',
  hint: t({
    en: "Click to select a same-colour area. Shift adds it to the selected object; Alt or the right button subtracts it.",
    zh: "单击选取同色区域。按住 Shift 添加到所选对象，按住 Alt 或用右键从中减去。",
  }),
  create,
};

/**
 * @param {import("./tool.js").Editor} editor
 * @param {import("./tool.js").Pointing} pointing
 * @returns {import("./tool.js").Handling}
 */
function create(editor, pointing) {
  const { doc, viewport } = editor;
  const { objects } = doc;
  const tolerance = signal(TOLERANCE);
  const flooding = createFlooding();
  /** Where the pointer is. @type {Press|null} */
  let at = null;
  let inHand = false;
  let pressed = false;

  const note = computed(() => objection(doc, objects.selected.value) ?? t({ en: "Click to select a same-colour area.", zh: "单击以选取同色区域。" }));
  const noteForMouse = computed(() => {
    const { label } = objects.selected.value ?? {};
    if (label === undefined) return "";
    return t({ en: "Shift adds to {label}, Alt subtracts from it.", zh: "按住 Shift 添加到 {label}，按住 Alt 从中减去。" }, { label });
  });

  /** @param {Press} press */
  const takes = (press) => press.alternate ?? press.exclude;
  /** The object that a click changes; null: it makes one. @param {Press} press */
  const target = (press) => (press.shift || takes(press) ? objects.selected.peek() : null);

  /** @param {Press} press @param {boolean} exact */
  function question({ place }, exact) {
    const opened = doc.image.peek();
    if (!opened || !viewport.contains(place)) return null;
    const { file_url: url, width, height } = opened;
    return { url, width, height, x: Math.floor(place.x), y: Math.floor(place.y), tolerance: tolerance.peek(), exact };
  }

  async function preview() {
    const asked = at && question(at, false);
    if (!asked) {
      pointing.flood.value = null;
      return;
    }
    const flooded = await flooding.ask(asked).catch(() => null); // a click says what is wrong
    if (flooded && at && inHand && doc.image.peek()?.file_url === asked.url) pointing.flood.value = { ...flooded, takes: takes(at) };
  }

  /** @param {Press} press */
  async function click(press) {
    const asked = question(press, true);
    if (!asked) return;
    const object = target(press);
    const refusal = objection(doc, object) ?? (takes(press) && !object ? t({
      en: "Select an object to subtract from it.",
      zh: "请先选择要从中减去的对象。",
    }) : null);
    if (refusal) return doc.refuse(refusal);
    try {
      const flooded = await flooding.ask(asked);
      if (!flooded || doc.image.peek()?.file_url !== asked.url) return;
      const now = object && objects.find(object.id); // it may have been changed meanwhile
      if (object && !now) return;
      applyRegion(editor, flooded.region, { title: wandTool.title, object: now, erases: takes(press) });
    } catch (error) {
      doc.refuse(/** @type {Error} */ (error).message);
    }
  }

  effect(() => {
    void tolerance.value;
    if (inHand) void preview();
  });

  /** @param {Press} press */
  function follow(press) {
    at = press;
    const adds = press.shift && objects.selected.peek();
    pointing.shape.value = !viewport.contains(press.place) ? "default" : takes(press) ? "exclude" : adds ? "include" : "box";
    void preview();
  }

  function settle() {
    const busy = pressed;
    pressed = false;
    at = null;
    pointing.flood.value = null;
    return busy;
  }

  return {
    options: [
      {
        kind: "slider",
        id: "wand",
        label: t({ en: "Tolerance", zh: "容差" }),
        title: t({
          en: "How far colours may differ from the clicked one (0 to 255). Change it with Shift and the wheel",
          zh: "与单击处颜色的最大差异（0 到 255）。按住 Shift 滚动滚轮可调整",
        }),
        min: 0,
        max: MOST,
        step: 1,
        value: tolerance,
      },
      { kind: "note", text: note },
      { kind: "note", text: noteForMouse, forMouse: true },
    ],
    enable() {
      inHand = true;
      pointing.shape.value = "box";
    },
    disable() {
      inHand = false;
      settle();
      flooding.close();
    },
    hover: follow,
    leave: () => void settle(),
    press(press) {
      pressed = true;
      follow(press);
    },
    drag: follow,
    release(press) {
      if (pressed) void click(press);
      settle();
    },
    click: (press) => void click(press),
    wheel(pixels) {
      tolerance.value = Math.min(MOST, Math.max(0, tolerance.peek() - Math.sign(pixels) * WHEEL_STEP));
    },
    cancel: settle,
  };
}
