/** What is asked of a label's objects besides the label: texts, numbers, choices, flags. */

import { t } from "../../../core/text.js";
import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/** @typedef {import("../../../core/types.js").LabelAttribute} LabelAttribute */

const TYPES = Object.freeze({
  text: t("Text"),
  number: t("Number"),
  choice: t("Choice"),
  flag: t("Yes or no"),
});

/** Choices between commas and line ends, each once. @param {string} text */
export function choicesOf(text) {
  const choices = text.split(/[,\n]/).map((each) => each.trim());
  return [...new Set(choices.filter(Boolean))];
}

/** @param {(attributes: LabelAttribute[]) => void} changed  with those that are complete */
export function createAttributes(changed) {
  const list = h("ul", { class: "attributes" });
  const add = h(
    "button",
    { type: "button", class: "button", onclick: () => append() },
    icon("plus"),
    t("Attribute"),
  );
  const element = h("div", {}, list, add);
  /** What is shown and what was told, as one text: the fields are built again only for what came from elsewhere. */
  let known = "";
  /** @type {Array<() => LabelAttribute|null>} */
  let readers = [];

  function tell() {
    const attributes = readers.map((read) => read()).filter((each) => each !== null);
    known = JSON.stringify(attributes);
    changed(attributes);
  }

  /** @param {LabelAttribute} [attribute] */
  function append(attribute) {
    const name = h("input", {
      class: "field boxed",
      maxlength: "100",
      autocomplete: "off",
      "aria-label": t("Attribute name"),
      placeholder: t("Attribute"),
      value: attribute?.name ?? "",
    });
    const type = h(
      "select",
      { class: "field boxed", "aria-label": t("Type") },
      ...Object.entries(TYPES).map(([value, title]) => h("option", { value }, title)),
    );
    type.value = attribute?.type ?? "text";
    const required = h("input", { type: "checkbox" });
    required.checked = attribute?.required ?? false;
    const choices = h("input", {
      class: "field boxed attribute-choices",
      autocomplete: "off",
      "aria-label": t("Choices, separated by commas"),
      placeholder: t("Choices, separated by commas"),
      value: attribute?.choices?.join(", ") ?? "",
    });
    const remove = h(
      "button",
      {
        type: "button",
        class: "icon-button small",
        "aria-label": t("Remove attribute"),
        title: t("Remove"),
      },
      icon("close"),
    );
    const incomplete = h("span", { class: "attribute-hint", role: "status" });
    const item = h(
      "li",
      {},
      name,
      type,
      h("label", { class: "check" }, required, t("Required")),
      remove,
      choices,
      incomplete,
    );

    let complete = attribute ?? null;

    /** As it was last complete while something is missing; null when it never was. @returns {LabelAttribute|null} */
    function read() {
      const kind = /** @type {LabelAttribute["type"]} */ (type.value);
      const offered = choicesOf(choices.value);
      const missing = !name.value.trim()
        ? t("Enter a name.")
        : kind === "choice" && !offered.length
          ? t("Add at least one choice.")
          : "";
      incomplete.textContent = missing;
      choices.hidden = kind !== "choice";
      if (missing) return complete;
      const made = { name: name.value.trim(), type: kind, required: required.checked };
      complete = /** @type {LabelAttribute} */ (kind === "choice" ? { ...made, choices: offered } : made);
      return complete;
    }

    for (const field of [name, type, required, choices]) field.addEventListener("input", tell);
    remove.addEventListener("click", () => {
      readers = readers.filter((each) => each !== read);
      item.remove();
      tell();
      add.focus();
    });
    readers.push(read);
    list.append(item);
    read();
    if (!attribute) {
      incomplete.textContent = "";
      name.focus();
    }
  }

  return {
    element,
    /** @param {readonly LabelAttribute[]} attributes */
    update(attributes) {
      const text = JSON.stringify(attributes);
      if (text === known) return;
      known = text;
      readers = [];
      fill(list);
      for (const attribute of attributes) append(attribute);
    },
  };
}
