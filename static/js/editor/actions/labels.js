/** Giving labels: to the selected objects, or else to the next mask. */

import { t } from "../../core/text.js";

/** @typedef {import("./action.js").Action} Action */
/** @typedef {import("./action.js").App} App */
/** @typedef {import("../../document/labels/labels.js").Label} Label */

/** @param {App} app @param {Label} label */
function use({ session }, label) {
  session.labels.select(label.name);
  session.relabel(session.objects.selectedIds.peek(), label);
  session.said.value = t("Label {name}.", { name: label.name });
}

/** @param {string} digit @returns {Action} */
function useLabel(digit) {
  return {
    id: `label-${digit}`,
    title: t("Use label {number}", { number: digit }),
    group: t("Labels"),
    family: t("Set label of selected objects or the next mask"),
    keys: [digit],
    enabled: ({ session }) => session.labels.keyed.value.has(digit),
    perform(app) {
      const label = app.session.labels.keyed.peek().get(digit);
      if (label) use(app, label);
    },
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
  enabled: ({ session }) => session.labels.previous.value !== null,
  perform(app) {
    const label = app.session.labels.previous.peek();
    if (label) use(app, label);
  },
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
    enabled: ({ session }) => find(session.labels.all.value) !== undefined,
    perform(app) {
      const label = find(app.session.labels.all.peek());
      if (label) use(app, label);
    },
  };
}
