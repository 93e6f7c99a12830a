/** What is shown of the objects, and which can be changed. */

import { annotations } from "../../core/state.js";
import { t } from "../../core/text.js";

/** @typedef {import("./action.js").Action} Action */
/** @typedef {import("./action.js").App} App */

const GROUP = t("Objects");

/** @param {App} app */
const anySelected = ({ session }) => session.objects.selectedIds.value.size > 0;
const any = () => annotations.value.length > 0;

/** Ids of those that are not selected. @param {App} app */
function others({ session }) {
  const selected = session.objects.selectedIds.peek();
  return annotations.peek().flatMap(({ id }) => (selected.has(id) ? [] : [id]));
}

/** @type {Action} */
export const hideObject = {
  id: "hide-object",
  title: t("Hide or show selected objects"),
  group: GROUP,
  keys: ["H"],
  enabled: anySelected,
  perform({ session: { objects, said } }) {
    const ids = [...objects.selectedIds.peek()];
    const hide = ids.some((id) => !objects.hidden.peek().has(id));
    for (const id of ids) objects.toggle(id, hide);
    said.value = hide ? t("Hidden.") : t("Shown.");
  },
};

/** @type {Action} */
export const hideAll = {
  id: "hide-all",
  title: t("Hide all objects, or show all"),
  group: GROUP,
  keys: ["Shift+H"],
  enabled: any,
  perform({ session: { objects, said } }) {
    const back = objects.solo.peek().size > 0 || objects.hidden.peek().size > 0;
    objects.showOnly([]);
    objects.hidden.value = new Set(back ? [] : annotations.peek().map(({ id }) => id));
    said.value = back ? t("All objects shown.") : t("All objects hidden.");
  },
};

/** @type {Action} */
export const soloObject = {
  id: "solo-object",
  title: t("Solo selection"),
  group: GROUP,
  keys: ["Y"],
  enabled: ({ session }) => session.objects.selectedIds.value.size > 0 || session.objects.solo.value.size > 0,
  perform({ session: { objects, said } }) {
    const selected = objects.selectedIds.peek();
    const solo = objects.solo.peek();
    const same = !selected.size || (solo.size === selected.size && [...selected].every((id) => solo.has(id)));
    objects.showOnly(same ? [] : selected);
    said.value = same ? t("All objects shown.") : t("Only the selected objects shown.");
  },
};

/** @type {Action} */
export const lockObject = {
  id: "lock-object",
  title: t("Lock or unlock selected objects"),
  group: GROUP,
  keys: ["U"],
  enabled: anySelected,
  perform({ session: { objects, said } }) {
    const ids = [...objects.selectedIds.peek()];
    const lock = ids.some((id) => !objects.locked.peek().has(id));
    for (const id of ids) objects.lock(id, lock);
    said.value = lock ? t("Locked.") : t("Unlocked.");
  },
};

/** @type {Action} */
export const lockOthers = {
  id: "lock-others",
  title: t("Lock others, or unlock all"),
  group: GROUP,
  keys: ["Shift+U"],
  enabled: any,
  perform(app) {
    const { objects, said } = app.session;
    const back = objects.locked.peek().size > 0;
    objects.locked.value = new Set(back ? [] : others(app));
    said.value = back ? t("All objects unlocked.") : t("Other objects locked.");
  },
};

/** @type {Action} */
export const selectAll = {
  id: "select-all",
  title: t("Select all objects"),
  group: GROUP,
  keys: ["Mod+A"],
  enabled: any,
  perform({ session: { objects, said } }) {
    objects.selectedIds.value = new Set(annotations.peek().map(({ id }) => id));
    said.value = t("All objects selected.");
  },
};
