/** The attributes of the selected object, below the list: each change is a step of the history. */

import { computed, effect, untracked } from "../../../core/signals.js";
import { own } from "../../../core/own.js";
import { counted, t } from "../../../core/text.js";
import { missingOf, valueOf, withAttribute } from "../../../document/objects/attributes.js";
import { fill, h, set } from "../../shared/dom.js";

/** @typedef {import("../../../core/types.js").Annotation} Annotation */
/** @typedef {import("../../../core/types.js").LabelAttribute} LabelAttribute */
/** @typedef {HTMLInputElement|HTMLSelectElement} Control */

const TYPED_FOR_MS = 600; // a pause in typing, after which what was typed counts

/** @param {LabelAttribute} attribute @param {string} id @returns {Control} */
function controlOf({ type, choices = [], required }, id) {
  const shared = { id, class: type === "flag" ? null : "field boxed", "aria-required": required ? "true" : null };
  if (type === "flag") return h("input", { ...shared, type: "checkbox" });
  if (type !== "choice") return h("input", { ...shared, type, step: "any", maxlength: 500 });
  const options = choices.map((choice) => h("option", { value: choice }, choice));
  return h("select", shared, h("option", { value: "" }, "–"), ...options);
}

/** After a choice by mouse the keys mean the image again: a select takes letters for its choices. @param {HTMLSelectElement} select */
function leaveOncePicked(select) {
  let pressed = false;
  select.addEventListener("pointerdown", () => (pressed = true));
  select.addEventListener("keydown", () => (pressed = false));
  select.addEventListener("change", () => pressed && select.blur());
}

/** @param {Control} control */
const written = (control) =>
  control instanceof HTMLInputElement && control.type === "checkbox" ? control.checked : control.value;

/** @param {import("../../../editor/actions/action.js").App} app */
export function createAttributesForm({ doc, panelWish }) {
  const { objects, labels } = doc;
  const selected = objects.selected;
  /** Asked of the selected object; the same while its label stays as it is. */
  const asked = computed(() => labels.all.value.find(({ name }) => name === selected.value?.label)?.attributes ?? []);
  /** All selected objects of the label: they are given the same. @returns {Annotation[]} */
  const chosen = () => {
    const label = selected.value?.label;
    return [...objects.selectedIds.value].flatMap((id) => {
      const annotation = objects.find(id);
      return annotation && annotation.label === label ? [annotation] : [];
    });
  };
  const fields = h("div", { class: "attribute-fields" });
  const several = h("p", { class: "muted", role: "status" });
  const form = h("form", { class: "attributes", "aria-label": t("Attributes"), onsubmit: (event) => event.preventDefault() });
  const none = h("p", { class: "muted attributes-none" });
  form.append(h("div", { class: "attributes-head" }, h("h3", {}, t("Attributes")), several), none, fields);
  /** Where any label asks for attributes their place is kept: selecting an object moves nothing. */
  const most = computed(() => Math.max(0, ...labels.all.value.map(({ attributes }) => attributes.length)));
  effect(() => {
    form.hidden = most.value === 0;
    form.style.setProperty("--most", String(most.value));
  });
  /** @type {Map<string, Control>} */
  let controls = new Map();
  /** What is typed and does not count yet. @type {(() => void)|null} */
  let waiting = null;
  let timer = /** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined);

  function settle() {
    clearTimeout(timer);
    waiting?.();
    waiting = null;
  }

  /** @param {LabelAttribute} attribute @param {readonly Annotation[]} given @param {string|boolean} text */
  function change(attribute, given, text) {
    const value = valueOf(attribute, text);
    const changes = given.flatMap(({ id }) => {
      const before = objects.find(id);
      if (!before || (own(before.attributes, attribute.name) ?? null) === value) return [];
      return [{ before, after: withAttribute(before, attribute.name, value) }];
    });
    if (changes.length) doc.edit(t("{attribute} of {label}", { attribute: attribute.name, label: given[0].label }), changes);
  }

  /** @param {LabelAttribute} attribute @param {Control} control */
  function listen(attribute, control) {
    const typing = attribute.type === "text" || attribute.type === "number";
    control.addEventListener("input", () => {
      settleOther(attribute.name);
      const given = untracked(chosen);
      const text = written(control);
      if (!typing) return change(attribute, given, text);
      clearTimeout(timer);
      waiting = () => change(attribute, given, text);
      waitingFor = attribute.name;
      timer = setTimeout(settle, TYPED_FOR_MS);
    });
    control.addEventListener("change", settle);
    if (control instanceof HTMLSelectElement) leaveOncePicked(control);
    control.addEventListener("keydown", (event) => {
      const { key } = /** @type {KeyboardEvent} */ (event);
      if (key === "Escape" || (key === "Enter" && !(/** @type {KeyboardEvent} */ (event).isComposing))) {
        settle();
        control.blur();
        event.preventDefault();
        event.stopPropagation();
      }
    });
  }
  let waitingFor = "";

  /** @param {string} name */
  function settleOther(name) {
    if (waiting && waitingFor !== name) settle();
  }

  effect(() => {
    const list = asked.value;
    untracked(settle);
    controls = new Map(list.map((attribute, i) => [attribute.name, controlOf(attribute, `attribute-${i}`)]));
    fill(
      fields,
      ...list.map((attribute) => {
        const control = /** @type {Control} */ (controls.get(attribute.name));
        listen(attribute, control);
        const name = h("label", { for: control.id, title: attribute.name }, attribute.name);
        return h("div", { class: "attribute", "data-type": attribute.type, "data-name": attribute.name }, name, control);
      }),
    );
  });
  effect(() => {
    const label = selected.value?.label;
    none.hidden = asked.value.length > 0;
    none.textContent = label === undefined ? t("Select an object to see its attributes.") : t("{label} has no attributes.", { label });
  });

  const selectedId = computed(() => selected.value?.id ?? null);
  effect(() => {
    void selectedId.value;
    untracked(settle); // what was typed belongs to the object before
  });
  effect(() => {
    const annotation = selected.value;
    const list = asked.value;
    if (!annotation) return;
    const missing = new Set(missingOf(annotation, { attributes: list }));
    const locked = objects.locked.value.has(annotation.id);
    for (const attribute of list) {
      const { name } = attribute;
      const control = /** @type {Control} */ (controls.get(name));
      const value = own(annotation.attributes, name);
      const said = document.activeElement === control && valueOf(attribute, written(control)) === (value ?? null);
      const typing = document.activeElement === control && (waiting !== null || said); // a space at the end, say, stays
      if (control instanceof HTMLInputElement && control.type === "checkbox") control.checked = value === true;
      else if (!typing) control.value = value === undefined ? "" : String(value);
      control.disabled = locked;
      set(control, { "aria-invalid": missing.has(name) ? "true" : null });
      if (control.parentElement) set(control.parentElement, { "data-missing": missing.has(name) });
    }
    const number = chosen().length;
    several.hidden = number < 2;
    several.textContent = counted(number, "Applies to {count} object", "Applies to all {count} selected objects with this label");
  });
  effect(() => {
    if (panelWish.value !== "attributes") return;
    panelWish.value = null;
    queueMicrotask(() => {
      const first = [...controls.values()].find((control) => control.getAttribute("aria-invalid")) ?? [...controls.values()][0];
      first?.focus();
      if (first instanceof HTMLInputElement && first.type !== "checkbox") first.select();
    });
  });
  return form;
}
