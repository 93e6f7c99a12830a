/** What was taken of the images of a demo: named, found again, thrown away, and written as COCO. */

import { computed, effect, signal } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { fill, h, set } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { cocoOf } from "./coco.js";

/**
 * @param {object} parts
 * @param {import("../../document/document.js").Document} parts.doc
 * @param {import("../../editor/tools/tool.js").Pointing} parts.pointing
 * @param {readonly import("../../core/types.js").ImageInfo[]} parts.images
 * @param {() => import("../../core/types.js").Annotation[]} parts.objects
 */
export function createDemoObjects({ doc, pointing, images, objects }) {
  const { labels } = doc;
  /** Whether what is there now was written to a file. */
  const written = signal(/** @type {unknown} */ (null));
  const all = doc.objects.all;

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

  const rows = h("ul", { class: "demo-rows", "aria-label": t("Objects") });
  const count = h("h2", {});
  effect(() => {
    const list = all.value.toReversed();
    count.textContent = counted(list.length, "{count} object", "{count} objects");
    fill(rows, ...list.map(rowOf));
  });

  /** @param {import("../../core/types.js").Annotation} object */
  function rowOf({ id, label: name, color }) {
    const dot = h("span", { class: "dot", "aria-hidden": "true" });
    dot.style.setProperty("--color", color);
    const select = h("button", { type: "button", class: "demo-object", onclick: () => doc.objects.select(id) }, dot, h("span", {}, name));
    const words = t("Delete {label}", { label: name });
    const remove = h("button", { type: "button", class: "icon-button small", "aria-label": words, title: words, onclick: () => doc.change({ edit: doc.removing(new Set([id])) }) }, icon("trash"));
    const row = h("li", { onpointerenter: () => void (pointing.hoveredObject.value = id), onpointerleave: () => void (pointing.hoveredObject.value = null) }, select, remove);
    effect(() => set(row, { "data-selected": doc.objects.selectedIds.value.has(id) }));
    return row;
  }

  async function save() {
    await doc.outbox.idle();
    const coco = JSON.stringify(cocoOf(images, objects()));
    const url = URL.createObjectURL(new Blob([coco], { type: "application/json" }));
    h("a", { href: url, download: "annotations.json" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    written.value = all.peek();
  }
  const out = h("button", { type: "button", class: "button", title: t("Download all objects as COCO"), onclick: () => void save() }, icon("download"), h("span", {}, "COCO"));
  const any = computed(() => all.value.length > 0 || objects().length > 0);
  effect(() => set(out, { disabled: !any.value }));

  return {
    element: h("div", {}, h("label", { class: "demo-label" }, h("span", { class: "muted" }, t("Label")), label, names), count, rows),
    out,
    /** Whether a file holds what is shown. */
    taken: computed(() => written.value === all.value),
  };
}
