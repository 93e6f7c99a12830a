/** The page of deleted projects: restore them, or delete them permanently; and what takes space on the server. */

import { sentenceOf } from "../../core/errors.js";
import { counted, t } from "../../core/text.js";
import { projectAddress } from "../shared/address.js";
import { confirming, isLarge } from "../shared/popups/confirming.js";
import { fill, h } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { reading } from "../shared/popups/notice.js";
import { appearance } from "../shared/theme.js";
import { createToasts } from "../shared/popups/toasts.js";
import { nothingDeleted, restoreButton, trashRow } from "./rows.js";
import { storageReport } from "./storage.js";

/** @typedef {import("../../core/types.js").ProjectSummary} ProjectSummary */

const DAYS = 30;

/** @param {ProjectSummary} project */
function untilOf({ deleted_at }) {
  const until = new Date(deleted_at ?? 0);
  until.setUTCDate(until.getUTCDate() + DAYS);
  return until.toISOString();
}

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {import("../../core/signals.js").Signal<import("../shared/theme.js").Theme>} parts.theme
 */
export function createProjectsTrashPage({ api, theme }) {
  document.getElementById("header")?.append(...appearance(theme));
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const toast = createToasts(document.body);
  const list = h("ul", { class: "trash-list", "aria-label": t("Deleted projects") });
  const empty = h("div", { class: "empty", hidden: true });
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  const space = h("section", { class: "trash-storage", "aria-labelledby": "storage-title", hidden: true });
  main.append(h("div", { class: "trash" }, wrong, empty, list, space));

  /** @param {() => Promise<unknown>} act */
  async function perform(act) {
    try {
      await act();
    } catch (error) {
      toast({ text: sentenceOf(error) });
    }
    await refresh();
    main.querySelector("button")?.focus();
  }

  /** @param {ProjectSummary} project */
  const restore = ({ id, name }) =>
    perform(async () => {
      await api.restoreProject(id);
      const open = () => (location.href = projectAddress(id));
      toast({ text: t("{name} was restored.", { name }), action: { title: t("Open"), perform: open } });
    });

  /** @param {ProjectSummary} project */
  async function remove({ id, name, image_count, annotation_count }) {
    const sure = await confirming({
      title: t("Delete {name} permanently?", { name }),
      text: t("You won't be able to restore its images, objects and labels."),
      action: t("Delete permanently"),
      name: isLarge(image_count, annotation_count) ? name : null,
    });
    if (sure) await perform(() => api.deleteProjectForever(id));
  }

  /** @param {ProjectSummary} project */
  function row(project) {
    const { name, image_count, annotation_count, covers, deleted_at } = project;
    const title = t("Delete {name} permanently", { name });
    return trashRow(
      {
        picture: covers[0] ?? null,
        name,
        facts: [
          counted(image_count, "{count} image", "{count} images"),
          counted(annotation_count, "{count} object", "{count} objects"),
        ],
        deleted: deleted_at ?? "",
        until: untilOf(project),
      },
      restoreButton(name, () => void restore(project)),
      h(
        "button",
        { type: "button", class: "icon-button", title, "aria-label": title, onclick: () => void remove(project) },
        icon("trash"),
      ),
    );
  }

  const refresh = reading(wrong, async () => {
    const deleted = await api.projects("deleted");
    fill(list, ...deleted.map(row));
    list.hidden = !deleted.length;
    empty.hidden = deleted.length > 0;
    fill(empty, ...nothingDeleted());
    const storage = await api.storage();
    fill(space, ...(storage ? storageReport(storage) : []));
    space.hidden = !storage;
  });

  void refresh();
}
