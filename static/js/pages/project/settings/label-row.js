/** One label in the editor: colour, name, key, order, and, opened, its description and attributes. */

import { counted, t } from "../../../core/text.js";
import { fill, h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { menuOf } from "../../shared/popups/menu.js";
import { createAttributes } from "./attributes.js";

/** @typedef {import("./label-drafts.js").Draft} Draft */
/** @typedef {import("../../../core/types.js").LabelClass} LabelClass */
/** @typedef {{draft: Draft, first: boolean, last: boolean, others: readonly Draft[]}} RowItem */
/**
 * @typedef {object} LabelEdits
 * @property {(uid: number, changes: Partial<LabelClass>) => void} change
 * @property {(uid: number, by: number) => void} move
 * @property {(draft: Draft) => void} merge
 * @property {(draft: Draft) => void} remove
 * @property {() => void} flush  save at once
 */

const KEYS = "123456789abcdefghijklmnopqrstuvwxyz";

/** What is in it, closed: only what there is. @param {Draft} draft */
function summaryOf({ attributes: { length: count }, description }) {
  const some = [count && counted(count, "{count} attribute", "{count} attributes"), description.trim() && t("description")];
  return some.filter(Boolean).join(" · ") || t("Attributes and description");
}

/** @param {LabelEdits} edits */
export function labelRow({ change, move, merge, remove, flush }) {
  /** @param {RowItem} first */
  return function create({ draft: { uid } }) {
    /** @type {Draft} */
    let draft;
    const color = h("input", { type: "color", class: "label-color" });
    const name = h("input", { class: "field boxed label-name", maxlength: "100", autocomplete: "off" });
    const key = h("select", { class: "field boxed label-key", "aria-label": t("Shortcut"), title: t("Shortcut. If a tool already uses the letter, annotators are asked first.") });
    const up = mover("up", t("Up"), -1);
    const down = mover("down", t("Down"), 1);
    const more = h("button", { type: "button", class: "icon-button small", title: t("More actions") }, icon("more"));
    const menu = menuOf(more, [
      { title: t("Merge into another"), icon: "join", perform: () => merge(draft) },
      { title: t("Remove"), icon: "trash", danger: true, perform: () => remove(draft) },
    ]);
    const description = h("textarea", {
      class: "field boxed",
      rows: "2",
      maxlength: "2000",
      "aria-label": t("Description"),
      placeholder: t("Describe this label"),
    });
    const group = h("input", {
      class: "field boxed label-group-field",
      maxlength: "200",
      autocomplete: "off",
      "aria-label": t("Group"),
      placeholder: t("Group (for long label lists)"),
    });
    const attributes = createAttributes((list) => change(uid, { attributes: list }));
    const summary = h("summary", {});
    const details = h("details", { class: "label-details" }, summary, description, group, attributes.element);
    const element = h(
      "li",
      { class: "label-draft", "data-uid": uid },
      color,
      name,
      key,
      h("span", { class: "label-order" }, up, down),
      menu,
      details,
    );

    /** @param {string} symbol @param {string} title @param {number} by */
    function mover(symbol, title, by) {
      const button = h("button", { type: "button", class: "icon-button small", title }, icon(symbol));
      button.addEventListener("click", () => {
        move(uid, by);
        (!button.disabled ? button : by < 0 ? down : up).focus(); // moving the row in the page took it
      });
      return button;
    }

    color.addEventListener("input", () => change(uid, { color: color.value }));
    name.addEventListener("input", () => change(uid, { name: name.value }));
    key.addEventListener("change", () => change(uid, { key: key.value || null }));
    description.addEventListener("input", () => change(uid, { description: description.value }));
    group.addEventListener("input", () => change(uid, { group: group.value.trim() }));
    for (const field of [color, name, key, description, group]) field.addEventListener("change", flush);

    /** @param {RowItem} item */
    function update(item) {
      draft = item.draft;
      if (document.activeElement !== name) name.value = draft.name;
      if (document.activeElement !== description) description.value = draft.description;
      if (document.activeElement !== group) group.value = draft.group;
      color.value = draft.color;
      const named = { name: draft.name };
      set(color, { "aria-label": t("Colour of {name}", named), title: t("Colour of {name}", named) });
      set(name, { "aria-label": t("Name of label {name}", named) });
      set(more, { "aria-label": t("More actions for {name}", named) });
      set(up, { "aria-label": t("Move {name} up", named) });
      set(down, { "aria-label": t("Move {name} down", named) });
      up.disabled = item.first;
      down.disabled = item.last;
      const taken = new Set(item.others.flatMap((other) => (other.uid === uid ? [] : [other.key])));
      const free = [...KEYS].filter((each) => !taken.has(each));
      fill(key, h("option", { value: "" }, "–"), ...free.map((each) => h("option", { value: each }, each)));
      key.value = draft.key ?? "";
      summary.textContent = summaryOf(draft);
      attributes.update(draft.attributes);
    }
    return { element, update };
  };
}
