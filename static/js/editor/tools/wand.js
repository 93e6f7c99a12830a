/**
 * The magic wand: what around the pointer is coloured alike becomes an object, or is added to one or taken from it. Where masks
 * are proposed it takes the one that is the same thing, or that holds the speckles of a texture; with Ctrl only colours count.
 */

import { computed, effect, signal } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { regionOf } from "../../geometry/region.js";
import { applyRegion, objection } from "./applying.js";
import { createFlooding } from "./flooding.js";

/** @typedef {import("./tool.js").Press} Press */
/** @typedef {import("../proposing.js").Flooded} Flooded */

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
  const { doc, viewport, proposing } = editor;
  const { objects } = doc;
  const tolerance = signal(TOLERANCE);
  const flooding = createFlooding();
  /** Where the pointer is. @type {Press|null} */
  let at = null;
  let inHand = false;
  let pressed = false;

  const note = computed(() => {
    const refusal = objection(doc, objects.selected.value);
    if (refusal !== null) return refusal;
    if (proposing?.matching.value) return t({ en: "Click to select a proposed mask or same-colour area.", zh: "单击以选取建议的掩码或同色区域。" });
    return t({ en: "Click to select a same-colour area.", zh: "单击以选取同色区域。" });
  });
  const noteForMouse = computed(() => {
    const { label } = objects.selected.value ?? {};
    const snaps = proposing?.matching.value ? t({ en: "Ctrl ignores proposals.", zh: "按住 Ctrl 忽略建议的掩码。" }) : "";
    if (label === undefined) return snaps;
    const adds = t({ en: "Shift adds to {label}, Alt subtracts from it.", zh: "按住 Shift 添加到 {label}，按住 Alt 从中减去。" }, { label });
    return `${adds} ${snaps}`.trim();
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
    const place = at?.place;
    const asked = at && question(at, false);
    if (!asked || !place) {
      pointing.flood.value = null;
      return;
    }
    const flooded = await flooding.ask(asked).catch(() => null); // a click says what is wrong
    if (!flooded || !at || !inHand || doc.image.peek()?.file_url !== asked.url) return;
    const meant = matched(at, place, flooded)?.flooded ?? flooded;
    pointing.flood.value = { ...meant, takes: takes(at) };
  }

  /** The proposal that colours around a place mean. @param {Press} press @param {Press['place']} place @param {Flooded} flooded */
  const matched = (press, place, flooded) => (press.free ? null : (proposing?.matching.peek()?.(flooded, place) ?? null));

  /** What a click is about, and the proposal if it is one; decided as the preview is, at its fineness. @param {Press} press */
  async function found(press) {
    if (!press.free && proposing?.matching.peek()) {
      const asked = question(press, false);
      const coarse = asked && (await flooding.ask(asked, true));
      const match = coarse && matched(press, press.place, coarse);
      if (match) return { match, region: regionOf(match.rle) };
    }
    const asked = question(press, true);
    const flooded = asked && (await flooding.ask(asked));
    return flooded && { match: null, region: flooded.region };
  }

  /** @param {Press} press */
  async function click(press) {
    const url = question(press, true)?.url;
    if (!url) return;
    const object = target(press);
    const refusal = objection(doc, object) ?? (takes(press) && !object ? t({
      en: "Select an object to subtract from it.",
      zh: "请先选择要从中减去的对象。",
    }) : null);
    if (refusal) return doc.refuse(refusal);
    try {
      const meant = await found(press);
      if (!meant || doc.image.peek()?.file_url !== url) return;
      const now = object && objects.find(object.id); // it may have been changed meanwhile
      if (object && !now) return;
      const { match, region } = meant;
      if (!match || now) return applyRegion(editor, region, { title: wandTool.title, object: now, erases: takes(press) });
      match.take();
      if (objects.find(match.id)) objects.select(match.id);
    } catch (error) {
      doc.refuse(/** @type {Error} */ (error).message);
    }
  }

  effect(() => {
    void [tolerance.value, proposing?.matching.value];
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
      if (proposing) proposing.asked.value = true;
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
