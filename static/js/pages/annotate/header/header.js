/** The line on top: where one is, what is saved, where masks are computed, what can be taken away. */

import { effect } from "../../../core/signals.js";
import { reaches } from "../../../core/roles.js";
import { t } from "../../../core/text.js";
import { VISIT } from "../../../net/account.js";
import { under } from "../../../net/base.js";
import { projectAddress } from "../../shared/address.js";
import { fill, h, liveText, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { keyHint } from "../../../editor/actions/keys.js";
import { middleEllipsis } from "../../shared/middle-ellipsis.js";
import { appearance } from "../../shared/theme.js";
import { createChip } from "./chip.js";
import { createPeople } from "./people.js";
import { createPicker } from "./picker.js";
import { createQueueBar } from "./queue-bar.js";
import { createViewPanel } from "../panels/view-panel.js";
import { actionButton } from "../action-button.js";
import { savedState } from "./saved.js";

/** @typedef {import("../../../editor/actions/action.js").App} App */

/** The project's images as they are filtered. @param {import("../../../document/queue/queue.js").Queue} queue */
function imagesAddress({ project, selection }) {
  const filters = new URLSearchParams(selection).toString();
  return projectAddress(project.id) + (filters && `?${filters}`);
}

/** @param {import("../../../net/api.js").Api} api @param {App} app */
function exportMenu(api, { doc, queue }) {
  const projectId = queue.project.id;
  const one = h("a", { class: "menu-item", download: true }, icon("download"), t("COCO, this image"));
  const all = h(
    "a",
    { class: "menu-item", download: true, href: api.projectExportUrl(projectId, "coco") },
    icon("download"),
    t("COCO, all images"),
  );
  const more = h(
    "a",
    { class: "menu-item", href: `${imagesAddress(queue)}#export` },
    icon("layers"),
    t("Other formats"),
  );
  const page = h(
    "a",
    { class: "menu-item", download: true, title: t("One file that segments this image in any browser, without a server") },
    icon("download"),
    t("Offline page, this image"),
  );
  const docs = h("a", { class: "menu-item", href: under("/api/docs") }, icon("code"), t("API documentation"));
  const menu = h("div", { id: "export-menu", class: "popover export-menu", popover: "auto" }, one, all, more, page, docs);
  menu.addEventListener("click", () => menu.hidePopover());
  effect(() => {
    if (!doc.image.value) return;
    one.href = api.imageExportUrl(projectId, doc.image.value.id, "coco");
    page.href = api.bundleUrl(projectId, doc.image.value.id);
  });
  const button = h(
    "button",
    {
      type: "button",
      class: "icon-button export",
      popovertarget: "export-menu",
      "aria-label": t("Export"),
      title: t("Export"),
    },
    icon("download"),
  );
  return [button, menu];
}

/** Where one is: the project, which leads back to its images as they are filtered, and the file. @param {App} app */
function whereabouts({ doc, queue }) {
  const { name: called } = queue.project;
  const project = VISIT?.image
    ? h("span", { class: "project-name", title: called }, called)
    : h("a", { class: "project-name", href: imagesAddress(queue), title: t("Images in {project}", { project: called }) }, called);
  const name = h("span", { class: "file-name ends" });
  effect(() => fill(name, ...middleEllipsis(doc.image.value?.name.split("/").at(-1) ?? "")));
  const size = liveText(
    () => (doc.image.value ? `${doc.image.value.width} × ${doc.image.value.height}` : ""),
    "file-size",
  );
  effect(() => {
    if (doc.image.value) document.title = `${doc.image.value.name} – Samphire`;
    set(name, { title: doc.image.value?.name ?? null });
  });
  const slash = () => h("span", { class: "slash", "aria-hidden": "true" }, "/");
  return h("div", { class: "whereabouts" }, slash(), project, slash(), h("h1", { class: "file" }, name, size));
}

/** In the place of what is said of saving. */
const tryingSign = () => h("span", { class: "saved", title: t("Nothing you do here is saved.") }, icon("play"), h("span", {}, t("Trying, not saved")));

/**
 * @param {HTMLElement} header
 * @param {{app: import("../../../editor/actions/action.js").App, api: import("../../../net/api.js").Api, engine: import("../../../engine/engine.js").Engine, pulls: import("../../../engine/pulls.js").Pulls, session: import("../../shared/account/session.js").Session, room: HTMLElement}} parts
 */
export function createHeader(header, { app, api, engine, pulls, session, room }) {
  const home = VISIT
    ? h("span", { class: "brand" }, icon("samphire"), h("span", {}, "Samphire"))
    : h("a", { class: "brand", href: under("/"), "aria-label": t("Samphire, all projects") }, icon("samphire"), h("span", {}, "Samphire"));
  const edit = h(
    "div",
    { class: "header-edit" },
    actionButton(app, "undo", "undo"),
    actionButton(app, "redo", "redo"),
  );
  const themeHint = () => keyHint({ id: "change-theme" });
  const help = actionButton(app, "help", "help");
  const guidelines = actionButton(app, "guidelines", "book");
  effect(() => {
    guidelines.hidden = !app.doc.project.value.guidelines;
  });
  if (app.doc.readOnly) {
    const sign = h("span", { class: "view-only", title: t("You can look, but not change.") }, icon("eye"), h("span", {}, t("View only")));
    header.append(home, whereabouts(app), ...createPeople(app), sign, createQueueBar(app), ...createViewPanel(app, api, room), ...appearance(app.theme, themeHint), guidelines, help);
    return;
  }
  header.append(
    home,
    whereabouts(app),
    ...createPeople(app),
    app.doc.saves ? savedState(app, session.ask) : tryingSign(), // beside what gives way when its words grow
    createQueueBar(app),
    edit,
    ...createPicker(app, engine, pulls),
    ...createChip(engine),
    ...createViewPanel(app, api, room),
    ...(reaches(app.doc.project.peek().role, "manager") ? exportMenu(api, app) : []),
    ...(app.share ? [actionButton(app, "share", "share")] : []),
    ...appearance(app.theme, themeHint),
    guidelines,
    help,
  );
}
