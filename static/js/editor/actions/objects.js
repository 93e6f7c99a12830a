/** Choosing among the objects, and what needs one: its label, its attributes, its end. */

import { t } from "../../core/text.js";

/** @typedef {import("./action.js").Action} Action */
/** @typedef {import("./action.js").App} App */

const GROUP = t("Objects");

/** @param {App} app */
const anySelected = ({ doc }) => doc.objects.selectedIds.value.size > 0;

/** @type {Action} */
export const deleteObject = {
  id: "delete-object",
  title: t("Delete selected objects"),
  group: GROUP,
  keys: ["Delete", "Backspace"],
  enabled: anySelected,
  perform: ({ doc }) => ({ edit: doc.removing(doc.objects.selectedIds.peek()) }),
};

/**
 * In the order of the list.
 * @param {App} app @param {number} step @returns {import("../../document/patch.js").Patch}
 */
function selectNeighbour({ doc }, step) {
  const list = doc.objects.order.listed.peek();
  const at = list.findIndex(({ id }) => id === doc.objects.selectedId.peek());
  const next = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : (at + step + list.length) % list.length];
  const place = { label: next.label, number: doc.objects.all.peek().indexOf(next) + 1, count: list.length };
  return { selected: [next.id], say: t("{label}, object {number} of {count}.", place) };
}

/** @type {Action} */
export const nextObject = {
  id: "next-object",
  title: t("Select next object"),
  group: GROUP,
  keys: ["]"],
  enabled: ({ doc }) => doc.objects.all.value.length > 0,
  perform: (app) => selectNeighbour(app, 1),
};

/** @type {Action} */
export const previousObject = {
  ...nextObject,
  id: "previous-object",
  title: t("Select previous object"),
  keys: ["["],
  perform: (app) => selectNeighbour(app, -1),
};

/** @type {Action} */
export const renameObject = {
  id: "rename-object",
  title: t("Change label of selected objects"),
  group: GROUP,
  keys: ["F2"],
  enabled: anySelected,
  perform({ panelWish }) {
    panelWish.value = "label";
  },
};

/** @type {Action} */
export const editAttributes = {
  id: "edit-attributes",
  title: t("Edit attributes"),
  group: GROUP,
  keys: [";"],
  enabled: ({ doc }) => {
    const label = doc.objects.selected.value?.label;
    return doc.labels.all.value.some(({ name, attributes }) => name === label && attributes.length > 0);
  },
  perform({ panelWish }) {
    panelWish.value = "attributes";
  },
};
