/** Puts the annotate page together from its widgets. */

import { computed, effect, signal } from "../../core/signals.js";
import { reaches } from "../../core/roles.js";
import { online, status } from "../../core/state.js";
import { t } from "../../core/text.js";
import { VISIT } from "../../net/account.js";
import { createAhead } from "../../document/queue/ahead.js";
import { createHelp } from "./commands/help.js";
import { createPalette } from "./commands/palette.js";
import { h, set } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { appearance } from "../shared/theme.js";
import { closeOnPressOutside } from "../shared/popups/outside-press.js";
import { createToasts } from "../shared/popups/toasts.js";
import { createPeople } from "../shared/project-people.js";
import { actionButton } from "./action-button.js";
import { createCandidates } from "./stage/candidates.js";
import { createFilmstrip } from "./header/filmstrip.js";
import { askAboutKeys } from "./panels/contested-keys.js";
import { createConflict } from "./panels/conflict.js";
import { createCommenting } from "./comments/loading.js";
import { createCursors } from "./stage/cursors.js";
import { createProposals } from "./proposals/loading.js";
import { createPreviews } from "./stage/previews.js";
import { createZooming } from "./stage/zooming.js";
import { createGuidelinesSheet } from "./panels/guidelines.js";
import { createHeader } from "./header/header.js";
import { openHistory } from "./history/opening.js";
import { createHints } from "./stage/hints.js";
import { createInspector } from "./panels/inspector.js";
import { createLabelsPanel } from "./panels/labels-panel.js";
import { createMinimap } from "./stage/minimap.js";
import { createObjectsPanel } from "./panels/objects-panel.js";
import { projectAddress } from "../shared/address.js";
import { createProgress } from "../shared/stage/progress.js";
import { createRefusal } from "../shared/stage/refusal.js";
import { tellPulls } from "./header/pull-toasts.js";
import { createRail } from "./rail.js";
import { createIndependentNote, createReviewNote } from "./panels/review-note.js";
import { createReturnDialog } from "./header/review-bar.js";
import { tellBarred } from "./panels/barred-toast.js";
import { tellRemovals } from "./panels/removal-toast.js";
import { takeInPictures } from "./taking-in.js";
import { tellOfWork } from "./telling.js";
import { createToolOptions } from "./stage/tool-options.js";

const PHONE = matchMedia("(width < 720px)");
/** What has the focus for as long as it is open. */
const OPEN = ":popover-open, dialog[open], [role=menu]:not([hidden])";

/** @param {string} id */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** The elements the template brings. */
export function pageElements() {
  return {
    header: byId("header"),
    rail: byId("rail"),
    room: byId("stage"),
    canvas: /** @type {HTMLCanvasElement} */ (byId("picture")),
    overlay: /** @type {HTMLCanvasElement} */ (byId("overlay")),
    progress: byId("progress"),
    panels: byId("panels"),
    live: byId("live"),
  };
}

/** That one may look only, or try. @param {import("../../editor/actions/action.js").App} app */
function unsavedSign({ doc }) {
  const words = !doc.readOnly
    ? t("You're trying this out. Nothing is saved, and reloading the page starts over.")
    : VISIT
      ? t("This link is view-only. Ask the person who shared it for more access.")
      : t("You have view-only access. A project manager can change your role.");
  const own = h("a", { href: `${projectAddress(doc.project.peek().id)}/own`, target: "_blank" }, t("Segment images without uploading them"));
  return h("p", { class: "read-only-sign", hidden: doc.saves }, icon("eye"), h("span", {}, words, ...(doc.readOnly ? [] : [" ", own])));
}

/** @param {import("../../editor/actions/action.js").App} app */
const mayExport = ({ doc }) => reaches(doc.project.peek().role, "manager");

/** On a phone, what the header has no room for. @param {import("../../editor/actions/action.js").App} app */
function createFoot(app) {
  const out = h("button", { type: "button", class: "icon-button", popovertarget: "export-menu", "aria-label": t("Export") }, icon("download"));
  const doing = [actionButton(app, "palette", "search"), actionButton(app, "help", "help"), ...(mayExport(app) ? [out] : []), ...(app.share ? [actionButton(app, "share", "share")] : [])];
  return h("div", { class: "panels-foot" }, ...doing, h("span", { class: "spring" }), ...appearance(app.theme));
}

/**
 * @param {ReturnType<typeof pageElements>} elements
 * @param {object} parts
 * @param {import("../../editor/actions/action.js").App} parts.app
 * @param {import("../../net/api.js").Api} parts.api
 * @param {import("../../engine/engine.js").Engine} parts.engine
 * @param {import("../../engine/pulls.js").Pulls} parts.pulls
 * @param {import("../shared/account/session.js").Session} parts.session
 * @param {import("../../editor/render/stage.js").Stage} parts.stage
 * @param {import("../../editor/tools/tool.js").Pointing} parts.pointing
 * @param {(image: import("../../core/types.js").ImageInfo) => Promise<void>} parts.open  another image in this page
 */
export function createAnnotatePage(elements, { app, api, engine, pulls, session, stage, pointing, open }) {
  const { doc, editor } = app;
  const people = createPeople({ api, projectId: app.queue.project.id });
  const panelsOpen = signal(false);
  const dock = h("div", { class: "dock" });
  effect(() => {
    if (app.panelWish.value) panelsOpen.value = true; // before the panels take the wish
  });
  createHeader(elements.header, { app, api, engine, pulls, session, room: elements.room });
  createRail(elements.rail, app, panelsOpen);
  const options = createToolOptions(elements.room, app);
  const minimap = createMinimap(elements.room, { editor, stage });
  createProgress(elements.progress, editor);
  const { role } = doc.project.peek();
  set(document.documentElement, { "data-read-only": doc.readOnly, "data-fixed-labels": !reaches(role, "manager") });
  elements.panels.append(unsavedSign(app), createIndependentNote(app), createReviewNote(app, people), createLabelsPanel(app));
  elements.panels.append(createObjectsPanel(app, { pointing, stage, people }), createFoot(app));
  elements.panels.after(dock, createFilmstrip(app));
  createCandidates(elements.room, { app, stage, dock, taken: () => [options.area(), minimap.area()].filter((rect) => rect !== null) });
  document.body.append(createReturnDialog(app), createConflict(app, elements.room), createGuidelinesSheet(app), createHelp(app.helpOpen), createPalette(app));
  createInspector(elements.room, { editor, stage });
  createHints(elements.room, app);
  createRefusal(elements.room, doc);
  createPreviews(elements.room, editor);
  createProposals(app, { api, room: elements.room, pointing });
  createZooming(elements.room, editor);
  createCursors(elements.room, app);
  const discusses = !VISIT || doc.saves; // a link for looking or trying shows no comments
  if (discusses) elements.panels.querySelector(".panels-foot")?.before(createCommenting(app, { api, people, room: elements.room }));
  tellOfWork(app, elements.room, pointing);
  const toast = createToasts(document.body);
  const standing = () => JSON.stringify([doc.image.peek()?.id, doc.prompting.empty.peek()]);
  if (reaches(role, "manager")) takeInPictures({ api, projectId: app.queue.project.id, open, standing, toast });
  tellRemovals(doc, toast);
  tellBarred(doc, toast);
  if (!VISIT) openHistory({ app, api, stage, room: elements.room, toast });
  tellPulls({ pulls, app, engine, toast });
  askAboutKeys(toast);
  createAhead({ queue: app.queue, doc, stage });
  effect(() => {
    const told = app.queue.notice.value;
    if (told?.retry) toast({ text: told.text, action: { title: t("Try again"), perform: told.retry } });
    else if (told) toast({ text: told.text });
  });

  elements.room.parentElement?.removeAttribute("aria-busy"); // presses are heard from here on
  effect(() => set(elements.panels, { "data-open": panelsOpen.value }));
  effect(() => set(elements.room, { "data-shape": pointing.shape.value }));
  effect(() => set(elements.room, { "data-turned": editor.viewport.view.value.turn % 2 === 1 }));
  effect(() => {
    const text = doc.said.value;
    // A sentence that stays the same is not read again: with a space that nobody hears it is another.
    elements.live.textContent = elements.live.textContent === text ? `${text}\u00a0` : text;
  });
  effect(() => {
    const name = doc.image.value ? t("Image {name}", { name: doc.image.value.name }) : t("Image");
    set(elements.room, { "aria-label": name });
  });

  effect(() => {
    const told = doc.labels.failure.value;
    if (!told || !PHONE.matches || panelsOpen.peek()) return; // the panel says it
    if (told.state === "refused") toast({ text: told.message });
    else if (online.peek()) toast({ text: told.message, action: { title: t("Try again"), perform: told.retry } });
  });

  // What is gone from the list has no row to say that its last change was not saved.
  const told = new Set();
  effect(() => {
    for (const [id, saving] of doc.objects.unsaved.value) {
      if (saving.state !== "failed" || doc.objects.find(id) || told.has(id) || doc.outbox.barred.peek()) continue;
      told.add(id);
      const retry = () => {
        told.delete(id);
        saving.retry();
      };
      toast({
        text: `${t("Couldn't save a change.")} ${saving.message}`,
        action: { title: t("Try again"), perform: retry },
      });
    }
  });

  effect(() => set(elements.room, { "aria-busy": doc.segmenters.value.next ? "true" : null }));
  const failed = computed(() => doc.segmenters.value.failure);
  effect(() => {
    if (!failed.value) return;
    const { segmenter: other, message } = failed.value;
    const { title } = doc.segmenters.peek().inUse;
    toast({
      text: t("Can't use {other}: {reason} Continuing with {segmenter}.", { other: other.title, reason: message, segmenter: title }),
      action: { title: t("Try again"), perform: () => void engine.use(other.id).catch(() => {}) },
    });
  });

  let wasOffline = false;
  effect(() => {
    if (online.value && wasOffline) toast({ text: t("The server is back.") });
    wasOffline = !online.value;
  });

  let readySaid = false;
  effect(() => {
    if (doc.work.value.phase !== "ready" || readySaid) return;
    readySaid = true;
    doc.said.value = `${t("Ready.")} ${status.peek().reason}`;
  });

  // A button pressed with the mouse gives the keys back to the picture, or Enter would press it again.
  document.addEventListener("click", (event) => {
    const pressed = event.target instanceof Element && event.target.closest("button, .object-row");
    const kept = document.activeElement?.matches("input, select, textarea");
    if (!event.detail || !pressed || kept || document.querySelector(OPEN)) return;
    elements.room.focus({ preventScroll: true });
  });

  // On a phone a tap on the picture beside the sheet closes it; the rail and the header go on working.
  let forget = () => {};
  effect(() => {
    forget();
    const close = () => (panelsOpen.value = false);
    if (panelsOpen.value && PHONE.matches) forget = closeOnPressOutside(elements.panels, close, elements.room);
  });
}
