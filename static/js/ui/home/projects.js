/** The projects as cards: what is in them, how far they are, and what can be done with a whole one. */

import { counted, t } from "../../core/text.js";
import { DEFAULT_PROJECT, projectAddress } from "../address.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { openCount, stateBar } from "../image-states.js";
import { menuOf } from "../menu.js";

/** @typedef {import("../../core/types.js").ProjectSummary} ProjectSummary */
/** @typedef {import("../../core/errors.js").ApiError} ApiError */

const COVERS = 4;

/**
 * @param {HTMLElement} section
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {(toast: import("../toasts.js").Toast) => void} parts.toast
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
  const archivedTitle = h("summary", {});
  const archived = h("details", { class: "archived", hidden: true }, archivedTitle, archivedList);
  section.append(
    h("header", {}, h("h2", { id: "projects-title" }, t("Projects")), create),
    wrong,
    list,
    archived,
  );

  /**
   * Does it, says so, and offers to undo it.
   * @param {{done: string, failed: string, perform: () => Promise<() => Promise<unknown>>}} change
   */
  async function change({ done, failed, perform }) {
    try {
      const undo = await perform();
      toast({
        text: done,
        action: {
          title: t("Undo"),
          perform: () =>
            void undo().then(refresh, (error) => toast({ text: /** @type {Error} */ (error).message })),
        },
      });
    } catch (error) {
      const { message, hint } = /** @type {ApiError} */ (error);
      toast({ text: `${failed} ${message} ${hint ?? ""}` });
    }
    await refresh();
  }

  /** @param {ProjectSummary} project @param {boolean} away */
  const archive = ({ id, name }, away) =>
    change({
      done: away ? t("{name} is archived.", { name }) : t("{name} is on the list again.", { name }),
      failed: t("{name} stays where it is.", { name }),
      async perform() {
        await api.archiveProject(id, away);
        return () => api.archiveProject(id, !away);
      },
    });

  /** @param {ProjectSummary} project */
  const remove = ({ id, name }) =>
    change({
      done: t("{name} was deleted. For 30 days it can be had back.", { name }),
      failed: t("{name} was not deleted.", { name }),
      async perform() {
        const { restore } = await api.deleteProject(id);
        return () => api.undo(restore);
      },
    });

  /** @param {ProjectSummary} project */
  function card(project) {
    const { id, name, image_count, annotation_count, archived_at, counts } = project;
    const done = image_count - openCount(counts);
    const figures = [
      counted(image_count, "{count} image", "{count} images"),
      counted(annotation_count, "{count} object", "{count} objects"),
      image_count ? t("{percent} % done", { percent: Math.floor((100 * done) / image_count) }) : "",
    ];
    const link = h(
      "a",
      { class: "project-card", href: projectAddress(id) },
      mosaic(project),
      h("span", { class: "project-name" }, name),
      project.description && h("span", { class: "project-about" }, project.description),
      stateBar(counts),
      h("span", { class: "project-figures" }, figures.filter(Boolean).join(" · ")),
    );
    const button = h(
      "button",
      {
        type: "button",
        class: "icon-button small",
        "aria-label": t("More about {name}", { name }),
        title: t("More"),
      },
      icon("more"),
    );
    const menu = menuOf(button, [
      {
        title: t("Settings and labels"),
        icon: "settings",
        perform: () => (location.href = `${projectAddress(id)}/settings`),
      },
      ...(id === DEFAULT_PROJECT
        ? []
        : [
            archived_at
              ? { title: t("Back on the list"), icon: "archive", perform: () => void archive(project, false) }
              : { title: t("Archive"), icon: "archive", perform: () => void archive(project, true) },
            { title: t("Delete"), icon: "trash", danger: true, perform: () => void remove(project) },
          ]),
    ]);
    return h("li", {}, link, menu);
  }

  async function refresh() {
    try {
      const [active, away] = await Promise.all([api.projects("active"), api.projects("archived")]);
      fill(list, ...active.map(card));
      fill(archivedList, ...away.map(card));
      archivedTitle.textContent = counted(
        away.length,
        "{count} archived project",
        "{count} archived projects",
      );
      archived.hidden = !away.length;
      wrong.hidden = true;
      onListed([...active, ...away]);
    } catch (error) {
      const { message, hint } = /** @type {ApiError} */ (error);
      section.hidden = false;
      wrong.hidden = false;
      fill(
        wrong,
        icon("alert"),
        h("span", {}, h("strong", {}, message), ` ${hint ?? ""}`),
        h("button", { type: "button", class: "button", onclick: () => void refresh() }, t("Try again")),
      );
    }
  }

  void refresh();
  return { refresh: () => void refresh() };
}

/** Up to four of its pictures. @param {ProjectSummary} project */
function mosaic({ covers }) {
  const pictures = covers
    .slice(0, COVERS)
    .map((src) => h("img", { src, alt: "", loading: "lazy", decoding: "async" }));
  const empty = h("span", { class: "mosaic-empty" }, icon("picture"), t("No images yet"));
  return h(
    "span",
    { class: "mosaic", "data-pictures": pictures.length },
    ...(pictures.length ? pictures : [empty]),
  );
}
