/** The labels of a project: added, named, coloured, ordered, merged and removed; the list is saved as a whole by itself. */

import { sentenceOf } from "../../../core/errors.js";
import { effect, signal } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { fill, h, keepRows } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { createLabelDrafts } from "./label-drafts.js";
import { labelRow } from "./label-row.js";
import { createMergeDialog } from "./merge-dialog.js";
import { settingsPart } from "../../shared/part.js";
import { createSaving, savingWords } from "./saving.js";

/** @typedef {import("../../../core/errors.js").ApiError} ApiError */
/** @typedef {import("./label-drafts.js").Draft} Draft */

/** Whether it is this label, or one that was merged into it. @param {Draft} draft @param {unknown} label  id */
const holds = ({ id, replaces }, label) => [id, ...replaces].includes(/** @type {string} */ (label));

/**
 * @param {object} parts
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {string} parts.projectId
 * @param {(toast: import("../../shared/popups/toasts.js").Toast) => void} parts.toast
 */
export function createLabelEditor({ api, projectId, toast }) {
  const model = createLabelDrafts();
  const { drafts } = model;
  const ready = signal(false);
  /** Removed, and not yet known to be free to go. @type {Array<{draft: Draft, back: () => void}>} */
  let removals = [];

  const saving = createSaving(async () => {
    const { sent, list } = model.outgoing();
    const going = removals;
    try {
      model.accepted(sent, await api.replaceLabels(projectId, list));
      removals = removals.filter((each) => !going.includes(each));
    } catch (error) {
      const { code, message, detail } = /** @type {ApiError} */ (error);
      if (code === "version_conflict") return theirs(/** @type {any} */ (detail.current));
      const refused = code === "conflict" && removals.find(({ draft }) => holds(draft, detail.label));
      if (!refused) throw error;
      inUse(refused, message);
    }
  });

  /** @param {import("../../../core/types.js").LabelList} current */
  function theirs(current) {
    saving.forget();
    removals = [];
    model.adopt(current);
    toast({
      text: t("The labels were changed elsewhere; your last change was not saved."),
    });
  }

  /**
   * A label that was removed is on objects: it stays, or becomes another one. What else was changed is saved without it.
   * @param {typeof removals[number]} refused @param {string} message
   */
  function inUse(refused, message) {
    removals = removals.filter((each) => each !== refused);
    refused.back();
    changed();
    dialog.ask(refused.draft, () => drafts.peek(), message);
  }

  const changed = () => saving.changed(null);
  const now = () => {
    changed();
    void saving.flush();
  };
  const dialog = createMergeDialog({
    async uses({ id, replaces }) {
      const found = await api.labelUses(projectId).catch(() => null);
      return found && [id ?? "", ...replaces].reduce((sum, each) => sum + (found[each] ?? 0), 0);
    },
    onMerge(uid, into) {
      model.merge(uid, into);
      now();
    },
  });
  document.body.append(dialog.element);

  const row = labelRow({
    /** @param {number} uid @param {Partial<import("../../../core/types.js").LabelClass>} changes */
    change(uid, changes) {
      model.change(uid, changes);
      changed();
    },
    move(uid, by) {
      model.move(uid, by);
      changed();
    },
    merge: (draft) => dialog.ask(draft, () => drafts.peek(), ""),
    remove(draft) {
      removals = [...removals, { draft, back: model.remove(draft.uid) }];
      now();
    },
    flush: () => void saving.flush(),
  });

  const list = h("ul", { class: "label-drafts" });
  const rows = new Map();
  const name = h("input", {
    class: "field boxed",
    id: "new-label",
    maxlength: "100",
    autocomplete: "off",
    placeholder: t("New label"),
    "aria-label": t("New label"),
  });
  const add = h(
    "form",
    { class: "label-add" },
    name,
    h("button", { type: "submit", class: "button" }, icon("plus"), t("Add")),
  );
  add.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = name.value.trim();
    if (!text) return;
    name.value = "";
    const twin = drafts.peek().find((draft) => draft.name === text);
    if (twin) list.querySelector(`[data-uid="${twin.uid}"] input`)?.scrollIntoView({ block: "center" });
    else {
      model.add(text);
      now();
    }
  });
  const wrong = h("p", { class: "form-error", role: "alert", hidden: true });
  const none = h(
    "p",
    { class: "muted" },
    t("No labels yet. The first object drawn adds one."),
  );
  const element = settingsPart("labels", t("Labels"), savingWords(saving), wrong, none, list, add);

  effect(() => {
    const all = drafts.value;
    const items = all.map((draft, i) => ({ draft, first: i === 0, last: i === all.length - 1, others: all }));
    keepRows(list, items, ({ draft }) => String(draft.uid), row, rows);
    none.hidden = all.length > 0 || !ready.value;
    add.hidden = !ready.value;
  });

  async function load() {
    wrong.hidden = true;
    try {
      model.adopt(await api.labels(projectId));
      ready.value = true;
    } catch (error) {
      wrong.hidden = false;
      fill(
        wrong,
        `${sentenceOf(error)} `,
        h("button", { type: "button", class: "button", onclick: () => void load() }, t("Try again")),
      );
    }
  }
  void load();
  return { element, title: t("Labels"), busy: saving.busy };
}
