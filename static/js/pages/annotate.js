/** Where one image of a project is annotated: makes the parts, gives each what it needs, and exposes window.samphire. */

import { listenToKeys } from "../editor/actions/keys.js";
import { effect, signal } from "../core/signals.js";
import { online, status } from "../core/state.js";
import { SELF, VISIT } from "../net/account.js";
import { createApi } from "../net/api.js";
import { createOutboxStore } from "../net/outbox-store.js";
import { createSocket } from "../net/socket.js";
import { createStage } from "../editor/render/stage.js";
import { createDocument } from "../document/document.js";
import { createPreference } from "../document/prompt/preference.js";
import { keepHistory, takeUpHistory } from "../document/kept-history.js";
import { createQueue } from "../document/queue/queue.js";
import { createReview } from "../document/queue/review.js";
import { createEngine } from "../engine/engine.js";
import { createPulls } from "../engine/pulls.js";
import { createEditor } from "../editor/editor.js";
import { createProposing } from "../editor/proposing.js";
import { createFollowing } from "../editor/following.js";
import { createStageTools } from "../editor/tools/index.js";
import { createSession } from "./shared/account/session.js";
import { unsaved } from "./shared/account/visit.js";
import { addressOf } from "./shared/address.js";
import { createAnnotatePage, pageElements } from "./annotate/page.js";
import { copyView, followLinkedView } from "./annotate/linked-view.js";
import { createScripting } from "./annotate/scripting.js";
import { dropSkeleton, readProjectBoot } from "./shared/boot.js";
import { rememberOpened } from "./shared/opened.js";
import { createToasts } from "./shared/popups/toasts.js";
import { createSharing, mayShare } from "./shared/sharing/opening.js";
import { createTheme } from "./shared/theme.js";

/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */

const { boot, project } = readProjectBoot();
const first = /** @type {ImageInfo} */ (boot.image);

const session = createSession();
const api = createApi({ onSignedOut: session.ended });
const socket = createSocket({ online, project: project.id });
session.hold(socket);
const engine = createEngine({ api, socket, boot, status, search: location.search });
const pulls = createPulls({ api, refresh: engine.refresh });
const preference = createPreference(project.id);
const trying = VISIT?.kind === "try";
const doc = createDocument({ api, socket, engine, project, store: createOutboxStore(), preference, seq: boot.seq, trying });
const { image } = doc;
const editor = createEditor(doc, createProposing());
const elements = pageElements();
const { pointing, tools: toolbox, attach } = createStageTools(editor);
const force = new URLSearchParams(location.search).get("render");
const stage = createStage({ ...elements, editor, pointing, force });
const closed = {
  helpOpen: signal(false),
  paletteOpen: signal(false),
  guidelinesOpen: signal(false),
  historyOpen: signal(false),
  segmentersOpen: signal(false),
  commentWish: signal(/** @type {import("../editor/actions/action.js").CommentWish|null} */ (null)),
};
const openById = async (/** @type {string} */ id) => open(await api.projectImage(project.id, id));
const following = createFollowing(doc, editor.viewport, openById);
const panelWish = signal(/** @type {'label'|'attributes'|null} */ (null));
const segmenterId = () => engine.segmenters.peek().inUse.id;
const kept = { ...api, setImageState: doc.setImageState }; // through the outbox
const queue = createQueue({ api: kept, socket, project, image, search: location.search, self: SELF, segmenterId, open });
const review = createReview({ api, project, queue, image });
const openSharing = createSharing({
  api,
  toast: createToasts(document.body),
  what: () => ({ project, image: image.peek() }),
  copyView: () => copyView({ doc, editor }),
});
const app = { doc, editor, queue, review, tools: toolbox, following, ...closed, panelWish, theme: createTheme(), copyView: () => void copyView({ doc, editor }), share: mayShare(project) ? () => void openSharing() : null };
dropSkeleton();
createAnnotatePage(elements, { app, api, engine, pulls, session, stage, pointing, open });
listenToKeys(app, { room: elements.room, panning: attach(elements.room) });

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
  opening = doc.open(next);
  return opening;
}

if (boot.pulling) void pulls.look();
effect(() => {
  if (image.value) rememberOpened(image.value);
});
const ready = show(first);
followLinkedView({ doc, editor });
takeUpHistory({ resume: doc.resume, labels: doc.labels, opened: first.id });
if (!trying) keepHistory({ progress: doc.progress, labels: doc.labels, opened: () => image.peek()?.id });
const thumbnail = document.getElementById("first-picture"); // until the picture is drawn
effect(() => {
  if (stage.picture.value) stage.onceDrawn(() => thumbnail?.remove());
  else if (image.value && image.value.id !== first.id) thumbnail?.remove();
});
ready.catch(() => {}); // the progress line has said why, with a way on
Object.assign(window, { samphire: createScripting({ doc, queue, engine, stage, api, ready, open }) });

window.addEventListener("popstate", async () => {
  const mine = ++turn;
  const id = decodeURIComponent(location.pathname.split("/").at(-1) ?? "");
  if (id === image.peek()?.id) return; // only what is shown of it is another
  const listed = queue.standing.peek()?.images.find((each) => each.id === id); // while the server is out of reach
  const next = await api.projectImage(project.id, id).catch(({ status }) => (status ? null : listed));
  if (mine !== turn) return;
  if (next) show(next).catch(() => {});
  else location.reload(); // the server's page says why
});
effect(() => {
  if (doc.saves) unsaved.value = doc.outbox.waiting.value.length;
});
window.addEventListener("beforeunload", (event) => {
  if (doc.losing.peek()) event.preventDefault();
});
