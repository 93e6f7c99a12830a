/** Composition root of every page: makes the parts, gives each what it needs, and exposes window.samphire. */

import { effect, signal } from "./core/signals.js";
import { image, online, segmenters, status, work } from "./core/state.js";
import { createApi } from "./net/api.js";
import { addressOf } from "./ui/address.js";
import { rememberOpened } from "./ui/opened.js";
import { watchPresses } from "./ui/outside-press.js";
import { createTheme } from "./ui/theme.js";

/** @typedef {import("./core/types.js").Boot} Boot */
/** @typedef {import("./core/types.js").ImageInfo} ImageInfo */

/** @returns {Boot} */
function readBoot() {
  return JSON.parse(document.getElementById("boot")?.textContent ?? "{}");
}

/** What the server drew where the scripts put the real thing now. */
function dropSkeleton() {
  for (const bone of document.querySelectorAll("[data-skeleton]")) bone.remove();
}

/** @param {Boot} boot */
async function startHome(boot) {
  const { createHomePage } = await import("./ui/home/page.js");
  createHomePage({ api: createApi(), limits: boot.limits, theme: createTheme() });
}

async function startTrash() {
  const { createProjectsTrashPage } = await import("./ui/trash/projects-page.js");
  createProjectsTrashPage({ api: createApi(), theme: createTheme() });
}

/** @param {Boot} boot @param {import("./core/types.js").Project} project */
async function startProject(boot, project) {
  const parts = { api: createApi(), boot, project, theme: createTheme() };
  const start =
    page === "project"
      ? (await import("./ui/project/page.js")).createProjectPage
      : page === "project-trash"
        ? (await import("./ui/trash/images-page.js")).createImagesTrashPage
        : (await import("./ui/project/settings/page.js")).createSettingsPage;
  dropSkeleton();
  start(parts);
}

/**
 * The decoder takes longest to be ready: it starts before the rest of the page is here.
 * @param {Boot} boot @param {import("./core/types.js").Project} project
 */
async function startSegmenting(boot, project) {
  const [net, segment] = await Promise.all([import("./net/socket.js"), import("./segment/segmenter.js")]);
  const api = createApi();
  const socket = net.createSocket({ online, project: project.id });
  return { api, socket, segmenter: segment.createSegmenter({ api, socket, boot, status, work, segmenters }) };
}

/** @param {Boot} boot @param {import("./core/types.js").Project} project @param {ImageInfo} first */
async function startAnnotate(boot, project, first) {
  const [{ api, socket, segmenter }, pulling, scene, steps, queueing, render, tools, keys, ui, scripts] = await Promise.all([
    startSegmenting(boot, project),
    import("./segment/pulls.js"),
    import("./scene/session.js"),
    import("./scene/kept-history.js"),
    import("./scene/queue.js"),
    import("./render/stage.js"),
    import("./tools/index.js"),
    import("./actions/keys.js"),
    import("./ui/annotate/page.js"),
    import("./ui/annotate/scripting.js"),
  ]);
  const pulls = pulling.createPulls({ api, refresh: segmenter.refresh });
  const session = scene.createSession({ api, socket, segmenter, project });
  const elements = ui.pageElements();
  const { pointing, tools: toolbox, attach } = tools.createStageTools(session);
  const force = new URLSearchParams(location.search).get("render");
  const stage = render.createStage({ ...elements, session, pointing, force });
  const closed = {
    helpOpen: signal(false),
    paletteOpen: signal(false),
    guidelinesOpen: signal(false),
    segmentersOpen: signal(false),
  };
  const panelWish = signal(/** @type {'label'|'attributes'|null} */ (null));
  const segmenterId = () => segmenters.peek().inUse.id;
  const kept = { ...api, setImageState: session.setImageState }; // through the outbox
  const queue = queueing.createQueue({ api: kept, socket, project, search: location.search, segmenterId, open });
  const app = { session, queue, tools: toolbox, ...closed, panelWish, theme: createTheme() };
  dropSkeleton();
  ui.createAnnotatePage(elements, { app, api, segmenter, pulls, stage, pointing, open });
  keys.listenToKeys(app, { room: elements.room, panning: attach(elements.room) });

  /** Of the image on show. */
  let opening = Promise.resolve();
  let turn = 0; // of the image asked for last: one that the server tells of too late is not opened

  /** Opens another image in this page, at its own address; the opened one stays as it is. @param {ImageInfo} next */
  function open(next) {
    if (next.id === image.peek()?.id) return opening;
    turn += 1;
    history.pushState(null, "", addressOf(next.id, project.id) + location.search);
    return show(next);
  }

  /** @param {ImageInfo} next */
  function show(next) {
    opening = session.open(next);
    return opening;
  }

  if (boot.pulling) void pulls.look();
  effect(() => {
    if (image.value) rememberOpened(image.value);
  });
  const ready = show(first);
  steps.takeUpHistory({ history: session.history, opened: first.id });
  steps.keepHistory({ history: session.history, opened: () => image.peek()?.id });
  const thumbnail = document.getElementById("first-picture"); // until the picture is drawn
  effect(() => {
    if (stage.picture.value) stage.onceDrawn(() => thumbnail?.remove());
    else if (image.value && image.value.id !== first.id) thumbnail?.remove();
  });
  ready.catch(() => {}); // the progress line has said why, with a way on
  Object.assign(window, { samphire: scripts.createScripting({ session, queue, segmenter, stage, api, ready, open }) });

  window.addEventListener("popstate", async () => {
    const mine = ++turn;
    const id = decodeURIComponent(location.pathname.split("/").at(-1) ?? "");
    const next = await api.projectImage(project.id, id).catch(() => null);
    if (mine !== turn) return;
    if (next) show(next).catch(() => {});
    else location.reload(); // the server's page says why
  });
  window.addEventListener("beforeunload", (event) => {
    if (session.losing.peek()) event.preventDefault();
  });
}

const boot = readBoot();
const { page } = document.documentElement.dataset;
watchPresses();
if (boot.project && boot.image) await startAnnotate(boot, boot.project, boot.image);
else if (boot.project) await startProject(boot, boot.project);
else if (page === "trash") await startTrash();
else await startHome(boot);
