/** Asks what everything on the images becomes: proposals, or objects of one label; and how closely to look. */

import { t } from "../../../core/text.js";
import { h } from "../../shared/dom.js";

/** As the server bounds them, with the reference's values. */
const ADVANCED = Object.freeze([
  { name: "crop_n_layers", title: t("Crop layers"), max: 2, step: 1, value: 0 },
  { name: "pred_iou_thresh", title: t("Minimum predicted IoU"), max: 1, step: 0.01, value: 0.88 },
  { name: "stability_score_thresh", title: t("Minimum stability"), max: 1, step: 0.01, value: 0.95 },
  { name: "box_nms_thresh", title: t("Maximum box overlap"), max: 1, step: 0.01, value: 0.7 },
  { name: "min_mask_region_area", title: t("Minimum area of parts and holes (pixels)"), max: 1_000_000, step: 1, value: 0 },
]);

/**
 * @param {object} parts
 * @param {{readonly value: readonly import("../../../core/types.js").LabelClass[]}} parts.labels  of the project
 * @param {boolean} parts.alone  annotators do not see each other's work: what is made for all are proposals
 * @param {(asked: import("../../../core/api-types.js").NewAutomaticRun) => void} parts.start
 */
export function createAutomaticDialog({ labels, alone, start }) {
  const kind = h(
    "select",
    { class: "field boxed", id: "automatic-kind", onchange: show },
    h("option", { value: "proposals" }, t("Proposals to choose from, on images without any")),
    h("option", { value: "objects", disabled: alone }, t("Objects with a label, on images without any")),
  );
  const known = h("datalist", { id: "automatic-labels" });
  const label = h("input", { class: "field boxed", id: "automatic-label", list: known.id, maxlength: 100, autocomplete: "off" });
  const title = h("label", { for: label.id }, t("Label"));
  const side = h("input", { class: "field boxed", id: "automatic-side", type: "number", min: 1, max: 64, value: 32, required: true });
  const fast = h("input", { type: "checkbox", checked: true });
  const advanced = ADVANCED.map(({ name, title, max, step, value }) => {
    const field = h("input", { class: "field boxed", id: `automatic-${name}`, type: "number", min: 0, max, step, value, required: true });
    return { name, title, field };
  });
  const fold = h(
    "details",
    { class: "automatic-advanced" },
    h("summary", {}, t("Advanced")),
    h("div", { class: "automatic-fields" }, ...advanced.flatMap(({ title, field }) => [h("label", { for: field.id }, title), field])),
  );
  // What is out of bounds is shown, and not looked for in a closed fold.
  fold.addEventListener("invalid", () => (fold.open = true), { capture: true });
  const element = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "automatic-title" },
    h(
      "form",
      { class: "form", onsubmit: submit },
      h("h2", { id: "automatic-title" }, t("Automatic masks")),
      h("p", { class: "muted" }, t("The segmenter looks for everything on the images that aren't finished. You can pause and undo it.")),
      h("label", { for: kind.id }, t("Result")),
      kind,
      title,
      label,
      known,
      h("label", { for: side.id }, t("Points per side")),
      side,
      h("label", { class: "check" }, fast, h("span", {}, t("Fast: skip points on small objects that were found"))),
      fold,
      h(
        "div",
        { class: "dialog-actions" },
        h("button", { type: "button", class: "button", onclick: () => element.close() }, t("Cancel")),
        h("button", { type: "submit", class: "button primary" }, t("Start")),
      ),
    ),
  );

  function show() {
    const objects = kind.value === "objects";
    title.hidden = label.hidden = !objects;
    label.required = objects;
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    element.close();
    const name = label.hidden ? null : label.value.trim();
    const more = Object.fromEntries(advanced.map((each) => [each.name, Number(each.field.value)]));
    start({ points_per_side: Number(side.value), fast: fast.checked, label: name, ...more });
  }

  return {
    element,
    open() {
      known.replaceChildren(...labels.value.map(({ name }) => h("option", { value: name })));
      show();
      element.showModal();
    },
  };
}
