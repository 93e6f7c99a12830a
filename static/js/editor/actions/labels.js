/** Giving labels: to the selected objects, or else to the next mask. */

import { t } from "../../core/text.js";

/** @typedef {import("./action.js").Action} Action */
/** @typedef {import("./action.js").App} App */
/** @typedef {import("../../document/labels/labels.js").Label} Label */

/** @param {App} app @param {Label|null|undefined} label @returns {import("../../document/patch.js").Patch|void} */
function use({ doc }, label) {
  if (!label) return;
  const edit = doc.relabelling(doc.objects.selectedIds.peek(), label);
  return { label: label.name, edit, say: t("Label {name}.", { name: label.name }) };
}

/** @param {string} digit @returns {Action} */
function useLabel(digit) {
  return {
    id: `label-${digit}`,
    title: t("Use label {number}", { number: digit }),
    group: t("Labels"),
    family: t("Set label of selected objects or the next mask"),
    keys: [digit],
    enabled: ({ doc }) => doc.labels.keyed.value.has(digit),
    perform: (app) => use(app, app.doc.labels.keyed.peek().get(digit)),
  };
}

/** The labels that digits stand for. */
export const useLabels = [..."123456789"].map(useLabel);

/** @type {Action} */
export const usePreviousLabel = {
  id: "label-previous",
  title: t("Previous label"),
  group: t("Labels"),
  keys: ["`"],
  enabled: ({ doc }) => doc.labels.previous.value !== null,
  perform: (app) => use(app, app.doc.labels.previous.peek()),
};

/**
 * For the palette, and for letters that labels of the project have as keys.
 * @param {string} name
 * @returns {Pick<Action, 'title'|'enabled'|'perform'>}
 */
export function useLabelNamed(name) {
  const find = (/** @type {readonly Label[]} */ all) => all.find((label) => label.name === name);
  return {
    title: t("Label: {name}", { name }),
    enabled: ({ doc }) => find(doc.labels.all.value) !== undefined,
    perform: (app) => use(app, find(app.doc.labels.all.peek())),
  };
}
