/** The accepted objects: select, give another label, hide, delete; each tells whether it is saved. */

import { effect } from "../../core/signals.js";
import { annotations, segmenters } from "../../core/state.js";
import { fill, h, keepRows, liveText, set } from "../dom.js";
import { score } from "../format.js";
import { icon } from "../icons.js";
import { editInPlace } from "./edit-in-place.js";

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("../../scene/annotations.js").Saving} Saving */

/**
 * @param {import("../../actions/action.js").App} app
 * @param {{pointing: import("../../tools/tool.js").Pointing}} parts
 */
export function createObjectsPanel({ session }, { pointing }) {
  const { annotations: objects } = session;
  const list = h("ul", { class: "rows", "aria-label": "Objects" });
  const empty = h(
    "p",
    { class: "empty" },
    "Click something in the picture, then press ",
    h("kbd", {}, "Enter"),
    " to keep it here.",
  );
  const count = liveText(() => (annotations.value.length ? String(annotations.value.length) : ""), "count");
  const rows = new Map();

  /** @param {Saving|undefined} saving */
  function savedMark(saving) {
    if (!saving) return null;
    if (saving.state === "saving")
      return h(
        "span",
        { class: "saving", title: "Saving", role: "img", "aria-label": "Saving" },
        icon("sync"),
      );
    const title = `Not saved: ${saving.message} Try again`;
    return h(
      "button",
      {
        type: "button",
        class: "icon-button small failed",
        title,
        "aria-label": title,
        onclick: saving.retry,
      },
      icon("alert"),
    );
  }

  /** @param {Annotation} first */
  function row(first) {
    const { id } = first;
    let annotation = first;
    const dot = h("span", { class: "dot", "aria-hidden": "true" });
    const name = h("button", { type: "button", class: "name", onclick: () => objects.select(id) });
    const maker = h("span", { class: "made-by" });
    const rating = h("span", { class: "score" });
    const mark = h("span", { class: "mark" });
    const hide = h("button", {
      type: "button",
      class: "icon-button small hide",
      onclick: () => objects.toggle(id),
    });
    const rename = h(
      "button",
      { type: "button", class: "icon-button small", title: "Give another label", onclick: edit },
      icon("pencil"),
    );
    const remove = h(
      "button",
      {
        type: "button",
        class: "icon-button small",
        title: "Delete (Del)",
        onclick: () => session.remove(id),
      },
      icon("trash"),
    );
    const element = h("li", { class: "row object-row" }, dot, name, mark, maker, rating, rename, hide, remove);

    function edit() {
      editInPlace(name, annotation.label, "Label of this object", (text) =>
        session.relabel(id, session.labels.add(text)),
      );
    }

    name.addEventListener("dblclick", edit);
    name.addEventListener("keydown", (event) => {
      if (event.key === "F2") edit();
    });
    element.addEventListener("pointerenter", () => (pointing.hoveredObject.value = id));
    element.addEventListener("pointerleave", () => (pointing.hoveredObject.value = null));

    return {
      element,
      /** @param {Annotation} next */
      update(next) {
        annotation = next;
        const hidden = objects.hidden.peek().has(id);
        const selected = objects.selectedId.peek() === id;
        name.textContent = next.label;
        dot.style.setProperty("--color", next.color);
        rating.textContent = score(next.predicted_iou);
        rating.title = `Predicted IoU ${score(next.predicted_iou)}, stability ${score(next.stability_score)}, ${next.area} pixels`;
        const { installed } = segmenters.peek();
        maker.hidden = installed.length < 2;
        maker.textContent = installed.find((segmenter) => segmenter.id === next.segmenter)?.title ?? next.segmenter;
        maker.title = `Made with ${maker.textContent}`;
        fill(mark, savedMark(objects.unsaved.peek().get(id)));
        fill(hide, icon(hidden ? "eye-off" : "eye"));
        set(hide, {
          "aria-label": `${hidden ? "Show" : "Hide"} ${next.label}`,
          title: `${hidden ? "Show" : "Hide"} (H)`,
          "aria-pressed": String(hidden),
        });
        set(rename, { "aria-label": `Give ${next.label} another label` });
        set(remove, { "aria-label": `Delete ${next.label}` });
        set(name, { "aria-pressed": String(selected), title: "Select" });
        set(element, { "data-active": selected, "data-hidden": hidden });
      },
    };
  }

  effect(() => {
    void [objects.unsaved.value, objects.hidden.value, objects.selectedId.value, segmenters.value.installed];
    empty.hidden = annotations.value.length > 0;
    keepRows(list, annotations.value, ({ id }) => id, row, rows);
    const id = objects.selectedId.value;
    if (id) rows.get(id)?.element.scrollIntoView({ block: "nearest" });
  });
  return h("section", { class: "panel objects" }, h("h2", {}, "Objects", count), list, empty);
}
