/** The page of a demo: tools, candidates under the image, the objects that were taken, and their way out. */

import { computed, effect } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { run } from "../../editor/actions/action.js";
import { redo, undo } from "../../editor/actions/history.js";
import { keyNames, keyText, pressesItself, takesText } from "../../editor/actions/key-events.js";
import { deleteObject } from "../../editor/actions/objects.js";
import { accept, cancel, nextCandidate, previousCandidate, toggleExclude } from "../../editor/actions/prompt.js";
import { h, set } from "../shared/dom.js";
import { drawn, icon } from "../shared/icons.js";
import { createProgress } from "../shared/stage/progress.js";
import { createRefusal } from "../shared/stage/refusal.js";
import { themeButton } from "../shared/theme.js";
import { createDemoCandidates } from "./candidates.js";
import { createDemoObjects } from "./objects.js";

/** @typedef {import("../../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../../editor/actions/action.js").Action} Action */

const TOOLS = ["select", "point", "box", "scribble", "brush", "eraser"];
/** @type {readonly Action[]} */
const ACTIONS = [accept, cancel, nextCandidate, previousCandidate, toggleExclude, undo, redo, deleteObject];

/**
 * @param {object} parts
 * @param {import("../../document/document.js").Document} parts.doc
 * @param {import("../../editor/editor.js").Editor} parts.editor
 * @param {import("../../editor/render/stage.js").Stage} parts.stage
 * @param {import("../../editor/tools/index.js").Tools} parts.tools
 * @param {import("../../editor/tools/tool.js").Pointing} parts.pointing
 * @param {HTMLElement} parts.room
 * @param {ReturnType<typeof import("../shared/theme.js").createTheme>} parts.theme
 * @param {import("../../core/signals.js").Signal<readonly ImageInfo[]>} parts.images
 * @param {import("../../core/signals.js").Signal<number>} parts.shown  which of them
 * @param {(index: number) => void} parts.open
 * @param {import("../../core/signals.js").Signal<readonly import("../../core/types.js").Annotation[]>} parts.objects  of all images
 * @param {import("./own-images.js").OwnImages|null} parts.own
 */
export function createDemoPage({ doc, editor, stage, tools, pointing, room, theme, images, shown, open, objects, own }) {
  const app = /** @type {import("../../editor/actions/action.js").App} */ (/** @type {unknown} */ ({ doc, editor, tools }));
  const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const name = computed(() => images.value[shown.value]?.name ?? "");

  if (byId("header")) addTools(); // a frame has none
  createProgress(byId("progress"), editor);
  createRefusal(room, doc);
  byId("candidates").hidden = doc.readOnly;
  byId("candidates").append(createDemoCandidates({ doc, stage }));
  room.parentElement?.removeAttribute("aria-busy");
  effect(() => set(room, { "aria-label": name.value ? t("Image {name}", { name: name.value }) : t("No image is open.") }));
  effect(() => set(room, { "data-shape": pointing.shape.value }));
  effect(() => {
    byId("live").textContent = doc.said.value;
  });

  /** All around the image. */
  function addTools() {
    const title = h("span", { class: "demo-name" });
    const place = h("span", { class: "muted" });
    const earlier = step("previous", t("Previous image"), -1, "PageUp");
    const later = step("next", t("Next image"), 1, "PageDown");
    const many = h("span", { class: "demo-steps" }, earlier, place, later);
    effect(() => {
      const at = shown.value;
      const all = images.value;
      title.textContent = name.value || doc.project.peek().name;
      place.textContent = t("{count} of {total}", { count: at + 1, total: all.length });
      many.hidden = all.length < 2;
      set(earlier, { disabled: at === 0 });
      set(later, { disabled: at === all.length - 1 });
    });
    const list = createDemoObjects({ doc, pointing, images, objects });
    byId("header").append(title, many, h("span", { class: "spring" }), themeButton(theme), own?.button ?? "", list.out);
    if (own) {
      const { empty } = own;
      byId("progress").append(own.progress);
      room.after(empty);
      effect(() => {
        empty.hidden = images.value.length > 0;
      });
    }
    byId("rail").append(...tools.list.filter(({ id }) => TOOLS.includes(id)).map(toolButton), h("span", { class: "spring" }), actionOf(undo, "undo"), actionOf(redo, "redo"));
    byId("objects").append(list.element);
    window.addEventListener("beforeunload", (event) => {
      if (list.losing.peek() && window.parent === window) event.preventDefault(); // who leaves a page does not know of its frames
    });
  }

  /** @param {string} symbol @param {string} title @param {number} by @param {string} key */
  function step(symbol, title, by, key) {
    const hint = `${title} (${keyText(key)})`;
    return h("button", { type: "button", class: "icon-button", title: hint, "aria-label": title, onclick: () => go(by) }, icon(symbol));
  }

  /** @param {number} by */
  function go(by) {
    const next = shown.peek() + by;
    if (next >= 0 && next < images.peek().length) open(next);
  }

  /** @param {Action} action @param {string} symbol */
  function actionOf(action, symbol) {
    const hint = `${action.title} (${keyText(action.keys[0])})`;
    const button = h("button", { type: "button", class: "icon-button", title: hint, "aria-label": action.title, onclick: () => run(action, app) }, icon(symbol));
    effect(() => set(button, { disabled: !action.enabled(app) }));
    return button;
  }

  /** @param {import("../../editor/tools/tool.js").Tool} tool */
  function toolButton({ id, title, keys, icon: inside, hint }) {
    const button = h(
      "button",
      { type: "button", class: "icon-button", title: `${title} (${keyText(keys[0])})\n${hint}`, "aria-label": title, onclick: () => tools.select(id) },
      drawn(inside),
    );
    effect(() => set(button, { "aria-pressed": String(tools.active.value.id === id) }));
    return button;
  }

  /** @param {readonly string[]} names @param {boolean} onStage @returns {(() => void)|undefined} */
  function meant(names, onStage) {
    const has = (/** @type {{keys: readonly string[]}} */ { keys }) => keys.some((key) => names.includes(key));
    const action = ACTIONS.find((each) => has(each) && (onStage || !each.onStage) && each.enabled(app));
    if (action) return () => run(action, app);
    const tool = tools.list.find((each) => TOOLS.includes(each.id) && has(each));
    if (tool) return () => tools.select(tool.id);
    if (names.includes("PageUp")) return () => go(-1);
    if (names.includes("PageDown")) return () => go(1);
    if (names.includes("F")) return () => editor.viewport.fit();
    return undefined;
  }

  document.addEventListener("keydown", (event) => {
    const names = keyNames(event);
    const { target } = event;
    if (event.isComposing || takesText(target) || pressesItself(target, names[0])) return;
    const perform = meant(names, target === room || target === document.body);
    if (!perform) return;
    event.preventDefault();
    perform();
  });

  doc.said.value = counted(images.peek().length, "{count} image", "{count} images");
}
