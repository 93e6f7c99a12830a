/** Puts a project's page together: what can be done with the whole, images on their way, filters, the grid. */

import { reaches } from "../../core/roles.js";
import { effect, signal } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { selectionQuery } from "../../document/queue/image-selection.js";
import { VISIT } from "../../net/account.js";
import { createAdding } from "../shared/adding/index.js";
import { addressOf } from "../shared/address.js";
import { projectAddress } from "../shared/address.js";
import { createDoing } from "../shared/doing.js";
import { fill, h, set } from "../shared/dom.js";
import { doneOf } from "../shared/image-states.js";
import { unreachable } from "../shared/popups/notice.js";
import { appearance } from "../shared/theme.js";
import { createToasts } from "../shared/popups/toasts.js";
import { createSharing } from "../shared/sharing/opening.js";
import { createBulkBar } from "./bulk-bar.js";
import { createExportDialog } from "./export-dialog.js";
import { createExportParts } from "./export-parts.js";
import { NOTHING, createFilters } from "./filters.js";
import { createGridMasks } from "./grid-masks.js";
import { createGrid } from "./grid.js";
import { headerActions } from "./header-actions.js";
import { createImportDialog } from "./import-dialog.js";
import { createListing } from "./listing.js";
import { createAutomaticDialog } from "./masks/dialog.js";
import { createMaskRow } from "./masks/row.js";
import { archivedNotice, firstSteps, noImages, noneFound, ownImages } from "./notices.js";
import { createPicks } from "../shared/picks.js";
import { createPeople } from "../shared/project-people.js";
import { createSharesDialog } from "./work/shares-dialog.js";
import { createSelection } from "./selection.js";
import { keepScroll } from "./scroll.js";

const TYPED_INTO = "input:not([type=checkbox]), textarea, select, [contenteditable]";

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {import("../../core/types.js").Boot} parts.boot
 * @param {import("../../core/types.js").Project} parts.project
 * @param {import("../../core/signals.js").Signal<import("../shared/theme.js").Theme>} parts.theme
 */
export function createProjectPage({ api, boot, project, theme }) {
  const header = /** @type {HTMLElement} */ (document.getElementById("header"));
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const toast = createToasts(document.body);
  const labels = signal(/** @type {import("../../core/types.js").LabelClass[]} */ ([]));
  const manages = reaches(project.role, "manager");
  const sandbox = VISIT?.sandbox ?? false;
  const choosing = createSelection();
  const { selection } = choosing;
  const listing = createListing({ api, projectId: project.id, selection, counts: project.counts });
  const picks = createPicks();
  const masks = createGridMasks();
  const people = createPeople({ api, projectId: project.id });
  /** How often the page was come back to: objects may be others by then. */
  const visit = signal(0);
  const filters = createFilters({ choosing, counts: listing.counts, labels, people, review: project.settings.review, masks: masks.button });
  const bulk = createBulkBar({
    api,
    project,
    selection,
    listing,
    picks,
    people,
    assign: () => void shares.open(),
    toast,
    leave: () => grid.enter(),
  });
  const grid = createGrid({
    listing,
    picks,
    masksOf: ({ id }) => (masks.shown.value ? api.masksUrl(project.id, id, visit.value) : null),
    whose: ({ assigned }) =>
      [doneOf(assigned, project), ...assigned.map(({ account }) => people.nameOf(account))].filter(Boolean).join(t(", ")),
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
  if (project.archived_at && manages) main.append(archivedNotice(() => api.archiveProject(project.id, false), toast));
  main.append(uploads, filters.element, wrong, nothing, grid.element, bulk, live);

  const maskRow = manages ? createMaskRow({ api, projectId: project.id, toast, onChanged: renewed }) : null;
  const automatic = createAutomaticDialog({
    labels,
    alone: project.settings.annotators_per_image > 1,
    start: (asked) => maskRow?.startAutomatic(asked),
  });
  if (maskRow) {
    uploads.append(maskRow.element);
    document.body.append(maskRow.dialog, automatic.element);
    maskRow.look();
  }
  const reload = () => {
    void listing.reload(true);
    maskRow?.look();
  };
  const adding = createAdding(uploads, {
    api,
    projectId: project.id,
    closed: !manages && !sandbox,
    limits: boot.limits,
    toast,
    onAdded: reload,
    onAnnotations: sandbox ? undefined : (files) => importing.open(files),
    onOver: (over) => set(document.body, { "data-over": over }),
  });
  const importing = createImportDialog({ api, send: adding.jobs.importAnnotations });
  const { picked } = picks;
  const which = createExportParts({ api, project, selection, filtered: filters.filtered, total: listing.total, picked });
  const exporting = createExportDialog({ api, project, which });
  const perform = createDoing(toast, () => listing.reload(true));
  const shares = createSharesDialog({ api, project, people, picks, choose: choosing.change, perform });
  document.body.append(importing.element, exporting.element, shares.element);
  const ofManagers = [
    { title: t("Images or archives"), icon: "picture", perform: adding.chooseFiles },
    { title: t("Folder"), icon: "folder", perform: adding.chooseFolder },
    { title: t("Annotations"), icon: "layers", perform: () => importing.open() },
    { title: t("Automatic masks"), icon: "fit", perform: () => automatic.open() },
  ];
  const ofVisitors = [
    { title: t("Images"), icon: "picture", perform: adding.chooseFiles },
    { title: t("Segment images without uploading them"), icon: "eye", perform: () => void open(`${projectAddress(project.id)}/own`) },
  ];
  const additions = manages ? ofManagers : sandbox ? ofVisitors : [];
  const openExport = exporting.open;
  const openSharing = createSharing({ api, toast, what: () => ({ project, image: null }) });
  const { counts } = listing;
  header.append(
    ...headerActions({ api, project, people, selection, counts, toast, additions, openExport, openShares: shares.open, openSharing: () => void openSharing() }),
    ...appearance(theme),
  );
  if (manages) void adding.jobs.find().catch(() => {}); // the listing says when the server is gone

  effect(() => {
    const failure = listing.failure.value;
    wrong.hidden = failure === null;
    if (failure) fill(wrong, ...unreachable(failure, () => void listing.retry()));
  });
  effect(() => {
    const none = listing.complete.value && listing.items.value.length === 0;
    nothing.hidden = !none;
    grid.element.hidden = none;
    const total = listing.total.value;
    live.textContent = counted(total, "{count} image", "{count} images");
    set(nothing, { "data-inviting": manages && !filters.filtered.value });
    if (none) fill(nothing, ...(filters.filtered.value ? noneFound(showAll) : manages ? firstSteps(adding) : sandbox ? ownImages(adding) : noImages()));
    filters.element.hidden = none && !filters.filtered.value;
  });

  const showAll = () => choosing.change(NOTHING);
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

  /** Objects are others than before. */
  function renewed() {
    visit.value += 1;
    void listing.reload(true);
  }

  /** Has the first images encoded before one of them is opened. */
  function warmUp() {
    api.queue(project.id, selection.peek()).catch(() => {}); // opening one will say what is wrong
  }

  document.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.defaultPrevented || document.querySelector("dialog[open]") || target.matches(TYPED_INTO))
      return;
    if (event.key === "/") filters.focusSearch();
    else if (event.key === "Escape" && picks.picked.peek().size) picks.clear();
    else if ((event.ctrlKey || event.metaKey) && event.key === "a")
      void listing.all().then((items) => items && picks.all(items));
    else if (!grid.key(event)) return;
    event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    visit.value += 1; // the editor may have changed what is shown
    reload();
  });

  if (location.hash === "#export" && manages) {
    exporting.open(); // from the editor
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  scroll.restore();
  warmUp();
  api.labels(project.id).then(
    (list) => (labels.value = list.labels),
    () => {}, // the filter by label stays hidden
  );
}
