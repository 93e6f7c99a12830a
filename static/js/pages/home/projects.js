/** The projects as cards: what is in them, how far they are, and what can be done with a whole one. */

import { reaches } from "../../core/roles.js";
import { counted, t } from "../../core/text.js";
import { under } from "../../net/base.js";
import { DEFAULT_PROJECT, projectAddress } from "../shared/address.js";
import { confirming, isLarge } from "../shared/popups/confirming.js";
import { createDoing } from "../shared/doing.js";
import { fill, h, keepRows, set } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { openCount, stateBar } from "../shared/image-states.js";
import { menuOf } from "../shared/popups/menu.js";
import { unreachable } from "../shared/popups/notice.js";

/** @typedef {import("../../core/types.js").ProjectSummary} ProjectSummary */
/** @typedef {import("../../core/errors.js").ApiError} ApiError */

const COVERS = 4;

/**
 * @param {HTMLElement} section
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {(toast: import("../shared/popups/toasts.js").Toast) => (() => void)} parts.toast
 * @param {() => void} parts.newProject
 * @param {(listed: readonly ProjectSummary[]) => void} parts.onListed  archived ones count too
 */
export function createProjects(section, { api, toast, newProject, onListed }) {
  const list = h("ul", { class: "projects" });
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  const create = h(
    "button",
    { type: "button", class: "button primary", onclick: newProject },
    icon("plus"),
    t("New project"),
  );
  const archivedList = h("ul", { class: "projects" });
  const cards = new Map();
  const archivedCards = new Map();
  let turn = 0;
  const archivedTitle = h("summary", {});
  const archived = h("details", { class: "archived", hidden: true }, archivedTitle, archivedList);
  section.append(
    h("header", {}, h("h2", { id: "projects-title" }, t("Projects")), create),
    wrong,
    list,
    archived,
  );

  const perform = createDoing(toast, refresh);

  /** @param {ProjectSummary} project @param {boolean} away */
  const archive = ({ id, name }, away) =>
    perform({
      done: away ? t("{name} was archived.", { name }) : t("{name} was unarchived.", { name }),
      failed: t("{name} was not changed.", { name }),
      async act() {
        await api.archiveProject(id, away);
        return { undo: () => api.archiveProject(id, !away) };
      },
    });

  /** @param {ProjectSummary} project */
  async function remove({ id, name, image_count, annotation_count }) {
    if (isLarge(image_count, annotation_count)) {
      const figures = [
        counted(image_count, "{count} image", "{count} images"),
        counted(annotation_count, "{count} object", "{count} objects"),
      ].join(t(", "));
      const text = `${figures}. ${t("You can restore it for 30 days.")}`;
      if (!(await confirming({ title: t("Delete {name}?", { name }), text, action: t("Delete"), name }))) return;
    }
    await perform({
      done: t("{name} was deleted. You can restore it for 30 days.", { name }),
      failed: t("Couldn't delete {name}.", { name }),
      async act() {
        const { restore } = await api.deleteProject(id);
        return { undo: () => api.undo(restore) };
      },
    });
  }

  /** @param {ProjectSummary} first */
  function card(first) {
    const { id, archived_at, role } = first;
    let project = first;
    let shown = "";
    const link = h("a", { class: "project-card", href: projectAddress(id) });
    const button = h(
      "button",
      { type: "button", class: "icon-button small", title: t("More actions") },
      icon("more"),
    );
    const menu = menuOf(button, [
      {
        title: t("Settings and labels"),
        icon: "settings",
        perform: () => (location.href = `${projectAddress(id)}/settings`),
      },
      ...(id === DEFAULT_PROJECT || !reaches(role, "manager")
        ? []
        : [
            archived_at
              ? { title: t("Unarchive"), icon: "archive", perform: () => void archive(project, false) }
              : { title: t("Archive"), icon: "archive", perform: () => void archive(project, true) },
          ]),
      ...(id === DEFAULT_PROJECT || !reaches(role, "owner")
        ? []
        : [{ title: t("Delete"), icon: "trash", danger: true, perform: () => void remove(project) }]),
    ]);
    return {
      element: h("li", {}, link, menu),
      /** @param {ProjectSummary} next */
      update(next) {
        const text = JSON.stringify(next);
        if (text === shown) return; // its pictures are not loaded again
        shown = text;
        project = next;
        set(button, { "aria-label": t("More actions for {name}", { name: next.name }) });
        fill(link, ...about(next));
      },
    };
  }

  /**
   * Shows these; when what had the focus goes, the card that comes to its place gets it.
   * @param {Element} parent @param {readonly ProjectSummary[]} projects @param {Map<string, any>} rows
   */
  function show(parent, projects, rows) {
    const at = [...parent.children].findIndex((each) => each.contains(document.activeElement));
    keepRows(parent, projects, ({ id }) => id, card, rows);
    if (at < 0 || parent.contains(document.activeElement)) return;
    const next = parent.children[Math.min(at, projects.length - 1)];
    (/** @type {HTMLElement|null} */ (next?.querySelector(".project-card")) ?? create).focus();
  }

  async function refresh() {
    const mine = ++turn;
    try {
      const [active, away] = await Promise.all([api.projects("active"), api.projects("archived")]);
      if (mine !== turn) return; // what a later question was answered is newer
      show(list, active, cards);
      show(archivedList, away, archivedCards);
      archivedTitle.textContent = counted(
        away.length,
        "{count} archived project",
        "{count} archived projects",
      );
      archived.hidden = !away.length;
      wrong.hidden = true;
      onListed([...active, ...away]);
    } catch (error) {
      if (mine !== turn) return;
      section.hidden = false;
      wrong.hidden = false;
      fill(wrong, ...unreachable(/** @type {ApiError} */ (error), () => void refresh()));
    }
  }

  void refresh();
  return { refresh: () => void refresh() };
}

/** What a card tells. @param {ProjectSummary} project */
function about(project) {
  const { name, description, image_count, annotation_count, counts } = project;
  const done = image_count - openCount(counts);
  const figures = [
    counted(image_count, "{count} image", "{count} images"),
    counted(annotation_count, "{count} object", "{count} objects"),
    image_count ? t("{percent}% done", { percent: Math.floor((100 * done) / image_count) }) : "",
  ];
  return [
    mosaic(project),
    h("span", { class: "project-name" }, name),
    description && h("span", { class: "project-about" }, description),
    stateBar(counts),
    h("span", { class: "project-figures" }, figures.filter(Boolean).join(" · ")),
  ];
}

/** Up to four of its pictures. @param {ProjectSummary} project */
function mosaic({ covers }) {
  const pictures = covers
    .slice(0, COVERS)
    .map((src) => h("img", { src: under(src), alt: "", loading: "lazy", decoding: "async" }));
  const empty = h("span", { class: "mosaic-empty" }, icon("picture"), t("No images yet"));
  return h(
    "span",
    { class: "mosaic", "data-pictures": pictures.length },
    ...(pictures.length ? pictures : [empty]),
  );
}
