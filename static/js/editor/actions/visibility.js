/** What is shown of the objects, and which can be changed. */

import { t } from "../../core/text.js";

/** @typedef {import("./action.js").Action} Action */
/** @typedef {import("./action.js").App} App */

const GROUP = t("Objects");

/** @param {App} app */
const anySelected = ({ doc }) => doc.objects.selectedIds.value.size > 0;
/** @param {App} app */
const any = ({ doc }) => doc.objects.all.value.length > 0;

/**
 * @param {ReadonlySet<string>} set @param {ReadonlySet<string>} ids @param {boolean} on
 * @returns {ReadonlySet<string>} with all of the ids, or with none of them
 */
const having = (set, ids, on) => new Set([...[...set].filter((id) => !ids.has(id)), ...(on ? ids : [])]);

/** Ids of those that are not selected. @param {App} app */
function others({ doc }) {
  const selected = doc.objects.selectedIds.peek();
  return doc.objects.all.peek().flatMap(({ id }) => (selected.has(id) ? [] : [id]));
}

/** @type {Action} */
export const hideObject = {
  id: "hide-object",
  title: t("Hide or show selected objects"),
  group: GROUP,
  keys: ["H"],
  enabled: anySelected,
  perform({ doc: { objects } }) {
    const [ids, hidden] = [objects.selectedIds.peek(), objects.hidden.peek()];
    const hide = [...ids].some((id) => !hidden.has(id));
    return { hidden: having(hidden, ids, hide), say: hide ? t("Hidden.") : t("Shown.") };
  },
};

/** @type {Action} */
export const hideAll = {
  id: "hide-all",
  title: t("Hide all objects, or show all"),
  group: GROUP,
  keys: ["Shift+H"],
  enabled: any,
  perform({ doc: { objects } }) {
    const back = objects.solo.peek().size > 0 || objects.hidden.peek().size > 0;
    const hidden = back ? [] : objects.all.peek().map(({ id }) => id);
    return { solo: [], hidden, say: back ? t("All objects shown.") : t("All objects hidden.") };
  },
};

/** @type {Action} */
export const soloObject = {
  id: "solo-object",
  title: t("Solo selection"),
  group: GROUP,
  keys: ["Y"],
  enabled: ({ doc }) => doc.objects.selectedIds.value.size > 0 || doc.objects.solo.value.size > 0,
  perform({ doc: { objects } }) {
    const selected = objects.selectedIds.peek();
    const solo = objects.solo.peek();
    const same = !selected.size || (solo.size === selected.size && [...selected].every((id) => solo.has(id)));
    return { solo: same ? [] : selected, say: same ? t("All objects shown.") : t("Only the selected objects shown.") };
  },
};

/** @type {Action} */
export const lockObject = {
  id: "lock-object",
  title: t("Lock or unlock selected objects"),
  group: GROUP,
  keys: ["U"],
  enabled: anySelected,
  perform({ doc: { objects } }) {
    const [ids, locked] = [objects.selectedIds.peek(), objects.locked.peek()];
    const lock = [...ids].some((id) => !locked.has(id));
    return { locked: having(locked, ids, lock), say: lock ? t("Locked.") : t("Unlocked.") };
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
    const back = app.doc.objects.locked.peek().size > 0;
    return { locked: back ? [] : others(app), say: back ? t("All objects unlocked.") : t("Other objects locked.") };
  },
};

/** @type {Action} */
export const selectAll = {
  id: "select-all",
  title: t("Select all objects"),
  group: GROUP,
  keys: ["Mod+A"],
  enabled: any,
  perform: ({ doc }) => ({ selected: doc.objects.all.peek().map(({ id }) => id), say: t("All objects selected.") }),
};
