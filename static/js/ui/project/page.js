/** Puts a project's page together: what can be done with the whole, images on their way, filters, the grid. */

import { effect, signal } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { createAdding } from "../adding/index.js";
import { addressOf } from "../address.js";
import { fill, h, set } from "../dom.js";
import { icon } from "../icons.js";
import { openCount } from "../image-states.js";
import { menuOf } from "../menu.js";
import { appearance } from "../theme.js";
import { createToasts } from "../toasts.js";
import { createBulkBar } from "./bulk-bar.js";
import { firstOpen } from "./continuing.js";
import { createExportDialog } from "./export-dialog.js";
import { createFilters } from "./filters.js";
import { createGrid } from "./grid.js";
import { createImportDialog } from "./import-dialog.js";
import { createListing } from "./listing.js";
import { createPicks } from "./picks.js";
import { createSelection, selectionQuery } from "./selection.js";
import { keepScroll } from "./scroll.js";

const TYPED_INTO = "input:not([type=checkbox]), textarea, select, [contenteditable]";

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {import("../../core/types.js").Boot} parts.boot
 * @param {import("../../core/types.js").Project} parts.project
 * @param {import("../../core/signals.js").Signal<import("../theme.js").Theme>} parts.theme
 */
export function createProjectPage({ api, boot, project, theme }) {
  const header = /** @type {HTMLElement} */ (document.getElementById("header"));
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const toast = createToasts(document.body);
  const labels = signal(/** @type {import("../../core/types.js").LabelClass[]} */ ([]));
  const choosing = createSelection();
  const { selection } = choosing;
  const listing = createListing({ api, projectId: project.id, selection, counts: project.counts });
  const picks = createPicks();
  const filters = createFilters({ choosing, counts: listing.counts, labels });
  const bulk = createBulkBar({ api, projectId: project.id, selection, listing, picks, toast });
  const grid = createGrid({
    listing,
    picks,
    address: ({ id }) => addressOf(id, project.id) + selectionQuery(selection.peek()),
    covered: () => ({
      top: Math.max(0, filters.element.getBoundingClientRect().bottom),
      bottom: bulk.hidden ? 0 : bulk.getBoundingClientRect().height,
    }),
  });
  const uploads = h("div", { class: "uploads" });
  const nothing = h("div", { class: "empty", hidden: true });
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  const live = h("p", { class: "sr-only", role: "status" });
  main.append(uploads, filters.element, wrong, nothing, grid.element, bulk, live);

  const reload = () => void listing.reload(true);
  const adding = createAdding(uploads, {
    api,
    projectId: project.id,
    limits: boot.limits,
    toast,
    onAdded: reload,
    onOver: (over) => set(document.body, { "data-over": over }),
  });
  const importing = createImportDialog({ api, send: adding.jobs.importAnnotations });
  const exporting = createExportDialog({ api, project });
  document.body.append(importing.element, exporting.element);
  header.append(...actions({ adding, importing, exporting }), ...appearance(theme));
  void adding.jobs.find().catch(() => {}); // the listing says when the server is gone

  /** @param {{adding: {chooseFiles: () => void, chooseFolder: () => void}, importing: {open: () => void}, exporting: {open: () => void}}} parts */
  function actions({ adding: { chooseFiles, chooseFolder }, importing: { open: openImport }, exporting: { open } }) {
    const add = h("button", { type: "button", class: "button" }, icon("plus"), h("span", { class: "wide-only" }, t("Add")));
    set(add, { "aria-label": t("Add images"), title: t("Add images") });
    const out = h("button", { type: "button", class: "button", onclick: open }, icon("download"), h("span", { class: "wide-only" }, t("Export")));
    set(out, { "aria-label": t("Export annotations"), title: t("Export annotations") });
    const onward = h("button", { type: "button", class: "button primary", onclick: goOn }, icon("onward"), h("span", {}, t("Continue")));
    effect(() => {
      const left = openCount(listing.counts.value);
      onward.disabled = left === 0;
      onward.title = left ? counted(left, "{count} image is left", "{count} images are left") : t("Every image is done");
    });
    return [
      menuOf(add, [
        { title: t("Pictures or archives"), icon: "picture", perform: chooseFiles },
        { title: t("A folder"), icon: "folder", perform: chooseFolder },
        { title: t("Annotations"), icon: "layers", perform: openImport },
      ]),
      out,
      onward,
    ];
  }

  async function goOn() {
    try {
      const id = await firstOpen({ api, projectId: project.id, selection: selection.peek() });
      if (id === null) toast({ text: t("Every image of this list is done or skipped.") });
      else location.href = addressOf(id, project.id) + selectionQuery({ ...selection.peek(), state: "" });
    } catch (error) {
      toast({ text: /** @type {Error} */ (error).message });
    }
  }

  effect(() => {
    const failure = listing.failure.value;
    wrong.hidden = failure === null;
    if (!failure) return;
    fill(
      wrong,
      icon("alert"),
      h("span", {}, h("strong", {}, failure.message), ` ${failure.hint}`),
      h("button", { type: "button", class: "button", onclick: () => void listing.retry() }, t("Try again")),
    );
  });
  effect(() => {
    const none = listing.complete.value && listing.items.value.length === 0;
    nothing.hidden = !none;
    grid.element.hidden = none;
    const total = listing.total.value;
    live.textContent = counted(total, "{count} image is listed", "{count} images are listed");
    set(nothing, { "data-inviting": !filters.filtered.value });
    if (none) fill(nothing, ...(filters.filtered.value ? noneFound() : firstSteps()));
    filters.element.hidden = none && !filters.filtered.value;
  });

  function noneFound() {
    const clear = () => choosing.change({ state: "", label: "", search: "", score: "" });
    return [
      h("p", {}, t("No image is like that.")),
      h("button", { type: "button", class: "button", onclick: clear }, t("Show all images")),
    ];
  }

  function firstSteps() {
    return [
      h("h2", {}, t("Drop pictures here")),
      h("p", {}, t("Single ones, whole folders, zip or tar archives. Those that are here already are not added twice.")),
      h(
        "p",
        { class: "empty-actions" },
        h("button", { type: "button", class: "button primary", onclick: adding.chooseFiles }, icon("picture"), t("Choose files")),
        h("button", { type: "button", class: "button", onclick: adding.chooseFolder }, icon("folder"), t("Choose a folder")),
      ),
    ];
  }

  const scroll = keepScroll(() => listing.need(0).then(grid.render));
  let shown = selection.peek();
  effect(() => {
    if (selection.value === shown) return;
    shown = selection.value;
    picks.clear();
    grid.toTop();
    void listing.reload(false);
    warmUp();
  });

  /** Has the first images encoded before one of them is opened. */
  function warmUp() {
    api.queue(project.id, selection.peek()).catch(() => {}); // opening one will say what is wrong
  }

  document.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.defaultPrevented || document.querySelector("dialog[open]") || target.matches(TYPED_INTO)) return;
    if (event.key === "/") filters.focusSearch();
    else if (event.key === "Escape" && picks.picked.peek().size) picks.clear();
    else if ((event.ctrlKey || event.metaKey) && event.key === "a") void listing.all().then(picks.all);
    else if (!grid.key(event)) return;
    event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) reload(); // the editor may have changed what is shown
  });

  scroll.restore();
  warmUp();
  api.labels(project.id).then(
    (list) => (labels.value = list.labels),
    () => {}, // the filter by label stays hidden
  );
}
