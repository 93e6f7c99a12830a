/** What was taken of the images of a demo: named, found again, thrown away, and written as COCO. */

import { computed, effect, signal } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { fill, h, keepRows, set } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { cocoOf } from "./coco.js";

/** @typedef {import("../../core/types.js").Annotation} Annotation */

const KEPT_MS = 60_000; // a file, until the browser has written it

/**
 * @param {object} parts
 * @param {import("../../document/document.js").Document} parts.doc
 * @param {import("../../editor/tools/tool.js").Pointing} parts.pointing
 * @param {import("../../core/signals.js").Signal<readonly import("../../core/types.js").ImageInfo[]>} parts.images
 * @param {import("../../core/signals.js").Signal<readonly Annotation[]>} parts.objects  of all images: another list with every change
 */
export function createDemoObjects({ doc, pointing, images, objects }) {
  const { labels } = doc;
  /** As they came, or as a file has them. */
  const kept = signal(objects.peek());

  const names = h("datalist", { id: "label-names" });
  const label = h("input", { class: "field boxed", list: "label-names", maxlength: "100", "aria-label": t("Label of the next object") });
  label.addEventListener("change", () => {
    const name = label.value.trim();
    if (name) labels.add(name);
    label.value = labels.active.peek().name;
  });
  effect(() => {
    label.value = labels.active.value.name;
  });
  effect(() => fill(names, ...labels.all.value.map(({ name }) => h("option", { value: name }))));

  const list = h("ul", { class: "demo-rows", "aria-label": t("Objects") });
  const count = h("h2", {});
  const rows = new Map();
  effect(() => {
    const all = doc.objects.all.value.toReversed();
    count.textContent = counted(all.length, "{count} object", "{count} objects");
    keepRows(list, all, ({ id }) => id, createRow, rows);
  });

  /** @param {Annotation} object */
  function createRow({ id }) {
    const dot = h("span", { class: "dot", "aria-hidden": "true" });
    const name = h("span", {});
    const select = h("button", { type: "button", class: "demo-object", onclick: () => doc.objects.select(id) }, dot, name);
    const remove = h("button", { type: "button", class: "icon-button small", onclick: takeAway }, icon("trash"));
    const hover = (/** @type {string|null} */ hovered) => () => void (pointing.hoveredObject.value = hovered);
    const element = h("li", { onpointerenter: hover(id), onpointerleave: hover(null) }, select, remove);

    function takeAway() {
      const next = element.nextElementSibling ?? element.previousElementSibling;
      hover(null)();
      doc.change({ edit: doc.removing(new Set([id])) });
      next?.querySelector("button")?.focus();
    }

    return {
      element,
      /** @param {Annotation} now */
      update({ label, color }) {
        const words = t("Delete {label}", { label });
        name.textContent = label;
        dot.style.setProperty("--color", color);
        set(remove, { "aria-label": words, title: words });
        set(element, { "data-selected": doc.objects.selectedIds.value.has(id) });
      },
    };
  }

  async function save() {
    await doc.outbox.idle();
    const all = objects.peek();
    const coco = JSON.stringify(cocoOf(images.peek(), labels.all.peek(), all));
    const url = URL.createObjectURL(new Blob([coco], { type: "application/json" }));
    h("a", { href: url, download: "annotations.json" }).click();
    setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
    kept.value = all;
  }
  const out = h("button", { type: "button", class: "button", title: t("Download all objects as COCO"), onclick: () => void save() }, icon("download"), h("span", {}, "COCO"));
  effect(() => set(out, { disabled: !objects.value.length }));

  return {
    element: h("div", {}, h("label", { class: "demo-label" }, h("span", { class: "muted" }, t("Label")), label, names), count, list),
    out,
    /** Whether closing the page would lose something. */
    losing: computed(() => objects.value.length > 0 && objects.value !== kept.value),
  };
}
