/** The labels: pick one for the next mask (keys 1 to 9), add, rename, recolour, forget. */

import { effect } from "../../core/signals.js";
import { annotations } from "../../core/state.js";
import { h, keepRows, set } from "../dom.js";
import { icon } from "../icons.js";
import { editInPlace } from "./edit-in-place.js";

/** @typedef {import("../../scene/labels.js").Label} Label */

/** @param {import("../../actions/action.js").App} app */
export function createLabelsPanel({ session }) {
  const { labels } = session;
  const list = h("ul", { class: "rows", "aria-label": "Labels" });
  const input = h("input", {
    class: "field",
    type: "text",
    maxlength: 100,
    placeholder: "New label",
    "aria-label": "New label",
    enterkeyhint: "done",
  });
  const form = h("form", { class: "add-label", onsubmit: add }, icon("plus"), input);
  const rows = new Map();

  /** @param {SubmitEvent} event */
  function add(event) {
    event.preventDefault();
    const name = input.value.trim();
    if (name) labels.add(name);
    input.value = "";
  }

  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    input.value = "";
    input.blur();
  });

  /** @param {Label} first */
  function row(first) {
    let label = first;
    const color = h("input", {
      type: "color",
      class: "swatch",
      onchange: () => session.changeLabel(label.name, { color: color.value }),
    });
    const name = h("button", { type: "button", class: "name", onclick: () => labels.select(label.name) });
    const count = h("span", { class: "count" });
    const key = h("kbd", {});
    const rename = h(
      "button",
      { type: "button", class: "icon-button small", title: "Rename", onclick: edit },
      icon("pencil"),
    );
    const forget = h(
      "button",
      {
        type: "button",
        class: "icon-button small",
        title: "Remove this label",
        onclick: () => labels.forget(label.name),
      },
      icon("close"),
    );
    const element = h("li", { class: "row label-row" }, key, color, name, count, rename, forget);

    function edit() {
      editInPlace(name, label.name, "Label", (text) => session.changeLabel(label.name, { name: text }));
    }

    name.addEventListener("dblclick", edit);
    name.addEventListener("keydown", (event) => {
      if (event.key === "F2") edit();
    });

    return {
      element,
      /** @param {Label} next */
      update(next) {
        label = next;
        const index = labels.all.peek().findIndex((other) => other.name === label.name);
        const used = annotations.peek().filter((annotation) => annotation.label === label.name).length;
        name.textContent = label.name;
        color.value = label.color;
        count.textContent = used ? String(used) : "";
        key.textContent = index < 9 ? String(index + 1) : "";
        const active = labels.active.peek().name === label.name;
        set(element, { "data-active": active });
        set(name, { "aria-pressed": String(active), title: `${label.name}: use for the next mask` });
        set(color, { "aria-label": `Colour of ${label.name}`, title: "Colour" });
        set(rename, { "aria-label": `Rename ${label.name}` });
        set(forget, {
          "aria-label": `Remove ${label.name}`,
          hidden: used > 0 || labels.all.peek().length < 2,
        });
      },
    };
  }

  effect(() => {
    void [annotations.value, labels.active.value];
    keepRows(list, labels.all.value, ({ name }) => name, row, rows);
  });
  return h("section", { class: "panel labels" }, h("h2", {}, "Labels"), list, form);
}
