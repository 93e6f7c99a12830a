/** The dialog that asks which labels of the project the labels of some files are. */

import { counted, t } from "../../../core/text.js";
import { inGroups, nameInGroup } from "../../../document/labels/label-groups.js";
import { h } from "../dom.js";

/** @typedef {import("../../../core/types.js").LabelClass} LabelClass */
/** @typedef {{name: string, objects: number}} FileLabel */
/** @typedef {Record<string, string|null>} LabelMap  a label of the project, or null to leave its objects out, by name */

const NEW = "new";
const OUT = "out";
const OURS = "ours:"; // before a name

/** Alike but for case, and for what stands between words. @param {string} name */
const plain = (name) => name.toLowerCase().replace(/[\s_/-]+/g, " ").trim();

/** The project's label that a label of a file most likely is; null: none. @param {string} name @param {readonly LabelClass[]} labels */
export function likely(name, labels) {
  const same = labels.find((label) => label.name === name);
  const alike = labels.find((label) => plain(label.name) === plain(name) || plain(nameInGroup(label)) === plain(name));
  return (same ?? alike)?.name ?? null;
}

/**
 * @param {object} parts
 * @param {readonly FileLabel[]} parts.found
 * @param {readonly LabelClass[]} parts.labels  the project's
 * @param {(map: LabelMap) => void} parts.answer
 */
export function askForLabels({ found, labels, answer }) {
  const rows = found.map(({ name, objects }, i) => {
    const select = h(
      "select",
      { id: `label-match-${i}`, class: "field boxed" },
      h("option", { value: NEW }, t("New label")),
      ...inGroups(labels).flatMap(({ group, labels: some }) => {
        const options = some.map((label) => h("option", { value: OURS + label.name }, nameInGroup(label)));
        return group ? [h("optgroup", { label: group }, ...options)] : options;
      }),
      h("option", { value: OUT }, t("Don't import")),
    );
    const ours = likely(name, labels);
    select.value = ours === null ? NEW : OURS + ours;
    const title = h("label", { for: select.id, title: name }, name);
    const count = h("span", { class: "muted" }, counted(objects, "{count} object", "{count} objects"));
    return { name, select, element: h("li", { class: "label-match" }, title, count, select) };
  });
  const list = h("ul", { class: "label-matches" }, ...rows.map(({ element }) => element));
  const filter = h("input", {
    type: "search",
    class: "field boxed",
    placeholder: t("Filter labels"),
    "aria-label": t("Filter labels"),
    onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && event.preventDefault(), // it would import
    oninput() {
      for (const { name, element } of rows) element.hidden = !name.toLowerCase().includes(filter.value.trim().toLowerCase());
    },
  });
  filter.hidden = rows.length < 8;
  const form = h(
    "form",
    { method: "dialog", class: "form", onsubmit: submit },
    h("h2", { id: "label-matching-title" }, t("Match labels")),
    h("p", { class: "muted" }, t("Match each label in the files to a label in the project.")),
    filter,
    list,
    h(
      "div",
      { class: "dialog-actions" },
      h("button", { type: "button", class: "button", onclick: () => dialog.close() }, t("Cancel")),
      h("button", { type: "submit", class: "button primary" }, t("Import")),
    ),
  );
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "label-matching-title", onclose: () => dialog.remove() },
    form,
  );

  function submit() {
    answer(
      Object.fromEntries(
        rows.map(({ name, select: { value } }) => [name, value === OUT ? null : value === NEW ? name : value.slice(OURS.length)]),
      ),
    );
  }
  document.body.append(dialog);
  dialog.showModal();
}
