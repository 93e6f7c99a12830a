/** Puts the first page together: a place to drop pictures, the projects, what was opened last. */

import { t } from "../../core/text.js";
import { addressOf, DEFAULT_PROJECT } from "../shared/address.js";
import { createAdding } from "../shared/adding/index.js";
import { h, set } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { appearance } from "../shared/theme.js";
import { createToasts } from "../shared/popups/toasts.js";
import { createDropZone } from "./drop-zone.js";
import { createNewProject } from "./new-project.js";
import { createProjects } from "./projects.js";
import { showOpened } from "./opened-strip.js";

/** @param {string} id */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {import("../../core/types.js").Limits} parts.limits
 * @param {import("../../core/signals.js").Signal<import("../shared/theme.js").Theme>} parts.theme
 */
export function createHomePage({ api, limits, theme }) {
  byId("header").append(...appearance(theme));
  const toast = createToasts(document.body);
  const dialog = createNewProject({ api });
  document.body.append(dialog.element);
  const zone = byId("drop-zone");

  /** @param {readonly import("../../core/types.js").ProjectSummary[]} listed */
  function onListed(listed) {
    const worked = listed.some(({ id, image_count }) => id !== DEFAULT_PROJECT || image_count > 0);
    set(zone, { "data-small": worked });
    byId("projects").hidden = !worked;
    byId("newcomer").hidden = worked;
    void showOpened(byId("opened"), api); // a project may have gone, or come back
  }

  const projects = createProjects(byId("projects"), { api, toast, newProject: dialog.open, onListed });
  const adding = createAdding(byId("uploads"), {
    api,
    projectId: DEFAULT_PROJECT,
    closed: zone.hasAttribute("hidden"), // images that are in no project yet are somebody else's
    limits,
    toast,
    onAdded: projects.refresh,
    onSingle: (image) => (location.href = addressOf(image.id, DEFAULT_PROJECT)),
    onOver: (over) => set(zone, { "data-over": over }),
  });
  createDropZone({ actions: byId("drop-actions"), api, choose: adding.chooseFiles });
  void showOpened(byId("opened"), api);
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return; // from here on: the way back led to the page as it was left
    dialog.back();
    projects.refresh();
  });
  byId("newcomer").append(
    t("Have a whole dataset to label?"),
    h("button", { type: "button", class: "button", onclick: dialog.open }, icon("plus"), t("New project")),
  );
}
