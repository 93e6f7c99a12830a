/** The trash of a project: images that were removed from it; restore some or all, or delete them permanently. */

import { sentenceOf } from "../../core/errors.js";
import { effect, signal } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { projectAddress } from "../shared/address.js";
import { confirming, isLarge } from "../shared/popups/confirming.js";
import { h, keepRows } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { createPaging, moreButton } from "../shared/paging.js";
import { createPicks } from "../shared/picks.js";
import { inSlices } from "../shared/slices.js";
import { appearance } from "../shared/theme.js";
import { createToasts } from "../shared/popups/toasts.js";
import { nothingDeleted, restoreButton, trashRow } from "./rows.js";

/** @typedef {import("../../net/trash-api.js").RemovedImage} RemovedImage */
/** @typedef {import("../../net/trash-api.js").TrashChoice} TrashChoice */

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {import("../../core/types.js").Project} parts.project
 * @param {import("../../core/signals.js").Signal<import("../shared/theme.js").Theme>} parts.theme
 */
export function createImagesTrashPage({ api, project, theme }) {
  document.getElementById("header")?.append(...appearance(theme));
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const toast = createToasts(document.body);
  const items = signal(/** @type {readonly RemovedImage[]} */ ([]));
  const total = signal(0);
  const picks = createPicks();
  const rows = new Map();

  const everything = h("input", { type: "checkbox", onchange: () => (everything.checked ? picks.all(items.peek()) : picks.clear()) });
  const words = h("span", { role: "status" });
  const restoreWords = h("span", {});
  const deleteWords = h("span", {});
  const toolbar = h(
    "div",
    { class: "trash-bar", role: "group", "aria-label": t("Trash"), hidden: true },
    h("label", { class: "check" }, everything, words),
    h("span", { class: "spring" }),
    h("button", { type: "button", class: "button", onclick: () => void restore(chosen(), count()) }, icon("undo"), restoreWords),
    h("button", { type: "button", class: "button trash-delete", onclick: () => void remove() }, icon("trash"), deleteWords),
  );
  const list = h("ul", { class: "trash-list", "aria-label": t("Removed images") });
  const more = moreButton(() => void paging.next());
  const empty = h("div", { class: "empty", hidden: true }, ...nothingDeleted());
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  const about = h("p", { class: "muted" }, t("You can restore removed images, with their objects, for 30 days."));
  main.append(h("div", { class: "trash" }, wrong, empty, about, toolbar, list, more));

  const paging = createPaging({
    ...{ more, wrong },
    ask: (after, signal) => api.trash(project.id, after, signal),
    /** @param {import("../../net/trash-api.js").TrashPage} page @param {boolean} isFirst @returns {string|null} */
    show(page, isFirst) {
      total.value = page.total;
      items.value = isFirst ? page.images : [...items.peek(), ...page.images];
      empty.hidden = page.total > 0;
      return page.next;
    },
  });

  /** What the buttons mean: what is picked, or all. @returns {TrashChoice} */
  const chosen = () => (picks.picked.peek().size ? { ids: [...picks.picked.peek()] } : { all: true });
  const count = () => picks.picked.peek().size || total.peek();

  /** @param {TrashChoice} choice @param {(choice: TrashChoice) => Promise<{changed: number}>} send */
  async function forAll(choice, send) {
    if (!choice.ids) return (await send(choice)).changed;
    const { changed, error } = await inSlices(choice.ids, (ids) => send({ ids }).then(() => ({})));
    if (error) toast({ text: sentenceOf(error) });
    return changed;
  }

  /** @param {() => Promise<void>} act */
  async function perform(act) {
    try {
      await act();
    } catch (error) {
      toast({ text: sentenceOf(error) });
    }
    picks.clear();
    await paging.first();
    if (!main.contains(document.activeElement))
      /** @type {HTMLElement|null} */ (main.querySelector(".trash:not([hidden]) input"))?.focus();
  }

  /** @param {TrashChoice} choice @param {number} many */
  const restore = (choice, many) =>
    perform(async () => {
      await forAll(choice, (some) => api.restoreTrash(project.id, some));
      const show = () => (location.href = projectAddress(project.id));
      toast({
        text: counted(many, "{count} image was restored.", "{count} images were restored."),
        action: { title: t("Show images"), perform: show },
      });
    });

  async function remove() {
    const choice = chosen();
    const many = count();
    const sure = await confirming({
      title: counted(many, "Delete {count} image permanently?", "Delete {count} images permanently?"),
      text: t("This can't be undone."),
      action: t("Delete permanently"),
      name: isLarge(many) ? project.name : null,
    });
    if (!sure) return;
    await perform(async () => {
      await forAll(choice, (some) => api.deleteTrash(project.id, some));
      toast({ text: counted(many, "{count} image was deleted permanently.", "{count} images were deleted permanently.") });
    });
  }

  /** @param {RemovedImage} item */
  function row(item) {
    const { id, name } = item;
    const pick = h("input", { type: "checkbox", "aria-label": t("Select {name}", { name }), onchange: () => picks.toggle(item) });
    const element = trashRow(
      {
        picture: item.thumbnail_url,
        name,
        facts: [counted(item.annotation_count, "{count} object", "{count} objects")],
        deleted: item.removed_at,
        until: item.until,
        pick,
      },
      restoreButton(name, () => void restore({ ids: [id] }, 1)),
    );
    return { element, update: () => (pick.checked = picks.picked.peek().has(id)) };
  }

  effect(() => {
    const picked = picks.picked.value;
    keepRows(list, items.value, ({ id }) => id, row, rows);
    const shown = items.value.length;
    toolbar.hidden = about.hidden = list.hidden = shown === 0;
    everything.checked = shown > 0 && picked.size === shown;
    everything.indeterminate = picked.size > 0 && picked.size < shown;
    words.textContent = picked.size
      ? t("{count} selected", { count: picked.size })
      : counted(total.value, "{count} image", "{count} images");
    restoreWords.textContent = picked.size ? t("Restore") : t("Restore all");
    deleteWords.textContent = picked.size ? t("Delete permanently") : t("Empty trash");
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && !document.querySelector("dialog[open]")) picks.clear();
  });

  void paging.first();
}
