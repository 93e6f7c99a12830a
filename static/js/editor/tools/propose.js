/** The tool for proposals: masks all over the image, to take or drop. What it does comes with `Proposing`. */

import { computed } from "../../core/signals.js";
import { t } from "../../core/text.js";

/** @type {import("./tool.js").ToolKind} */
export const proposeTool = {
  id: "propose",
  title: t({ en: "Propose masks", zh: "自动建议掩码" }),
  keys: ["Z"],
  icon: '<path d="M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4"/><circle cx="9" cy="10" r="2.500"/><path d="M13.500 17l2.500-6 2.500 6z"/>',
  hint: t({
    en: "Masks appear all over the image. Click to take one, drag to take all inside, Alt-drag to drop.",
    zh: "在整幅图像上给出掩码。单击采用一个，拖动采用框内全部，按住 Alt 拖动则舍弃。",
  }),
  create,
};

/**
 * @param {import("./tool.js").Editor} editor
 * @param {import("./tool.js").Pointing} pointing
 * @returns {import("./tool.js").Handling}
 */
function create({ proposing }, pointing) {
  const handling = () => proposing?.handling.peek();
  /** @param {'finishing'|'takingBack'} what */
  const doing = (what) => ({
    able: computed(() => proposing?.handling.value?.[what].able.value ?? false),
    perform: () => handling()?.[what].perform(),
  });
  return {
    enable() {
      if (!proposing) return;
      pointing.shape.value = "default";
      proposing.inHand.value = true;
      proposing.taken.value += 1;
    },
    disable() {
      handling()?.leave();
      if (proposing) proposing.inHand.value = false;
    },
    hover: (press) => handling()?.hover(press),
    leave: () => handling()?.leave(),
    press: (press) => handling()?.press(press),
    drag: (press) => handling()?.drag(press),
    release: (press) => handling()?.release(press),
    click: (press) => handling()?.click(press),
    cancel: () => handling()?.cancel() ?? false,
    wheel: (pixels) => handling()?.wheel(pixels),
    finishing: doing("finishing"),
    takingBack: doing("takingBack"),
  };
}
