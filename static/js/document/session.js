/** One image being annotated: opens it everywhere, and turns the chosen candidate into an annotation. */

import { computed, effect, signal, untracked } from "../core/signals.js";
import { IDLE, annotations as shown, image, prompt, segmenters, work } from "../core/state.js";
import { counted, t } from "../core/text.js";
import { createOutboxStore } from "../net/outbox-store.js";
import { createAnnotations } from "./objects/annotations.js";
import { chosen } from "./prompt/answers.js";
import { createEditing, withMask } from "./objects/editing.js";
import { createLabels } from "./labels/labels.js";
import { createOutbox } from "./sync/outbox.js";
import { createPreference } from "./prompt/preference.js";
import { createPrompting, isLone } from "./prompt/prompting.js";
import { createRefining } from "./prompt/refining.js";
import { dropsSpecks, withoutStrayPieces } from "./objects/specks.js";
import { createSpeech } from "./speech.js";
import { createViewport } from "./viewport.js";

/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("../core/types.js").Point} Point */
/** @typedef {import("../core/types.js").MaskRle} MaskRle */
/** @typedef {import("../engine/segmenter.js").Segmenter} Segmenter */
/** @typedef {ReturnType<typeof createSession>} Session */

/**
 * Resolves when the opened image is ready; a click made before that, or while it has failed, waits.
 * @returns {Promise<void>}
 */
function clicksAnswered() {
  if (work.peek().phase === "ready") return Promise.resolve();
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (work.value.phase !== "ready") return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}

/**
 * @param {object} parts
 * @param {import("../net/api.js").Api} parts.api
 * @param {import("../net/socket.js").Live} parts.socket
 * @param {Segmenter} parts.segmenter
 * @param {import("../core/types.js").Project} parts.project
 */
export function createSession({ api, socket, segmenter, project: first }) {
  const project = signal(first);
  const projectId = () => project.peek().id;
  const viewport = createViewport();
  /** Why the list of annotations could not be read. */
  const loadFailure = signal(/** @type {{message: string, retry: () => void}|null} */ (null));
  /** Why the picture cannot be shown. */
  const pictureFailure = signal(/** @type {{message: string, retry: () => void}|null} */ (null));
  /** Place of the keyboard's pointer in the image frame, null while the mouse or a finger is used. */
  const cursor = signal(/** @type {{x: number, y: number}|null} */ (null));
  /** The object that lost its specks last, its RLE's counts since and its mask before, for an offer to bring them back. */
  const swept = signal(/** @type {{text: string, id: string, counts: string, before: MaskRle}|null} */ (null));
  /** Whether a plain click excludes: for fingers, which have neither Alt nor a right button. */
  const excluding = signal(false);
  const { said, say, refused, refuse } = createSpeech();

  const outbox = createOutbox({
    api,
    store: createOutboxStore(),
    onDelivered: (pending, saved) => objects.confirm(pending, saved),
  });
  const objects = createAnnotations({ api, outbox, opened: () => ({ project: projectId(), image: image.peek()?.id }) });
  const labels = createLabels({ api, project, idle: outbox.idle });
  const editing = createEditing({ objects, labels, prompting: () => prompting, projectId, say, refuse });
  const { edit, history } = editing;
  const preference = createPreference(first.id);
  const prompting = createPrompting({
    decode: segmenter.decode,
    ready: clicksAnswered,
    record: editing.recordPrompt,
    first: ({ candidates, best }, lone) =>
      lone ? preference.first(labels.active.peek().name, candidates, best) : best,
  });
  const refine = createRefining({ objects, prompting, editing, say, refuse });
  /** The object whose mask is being made anew. */
  const refined = computed(() => shown.value.find(({ id }) => id === objects.replaced.value) ?? null);
  const weights = computed(() => segmenters.value.inUse.weights);
  effect(() => {
    void weights.value;
    untracked(prompting.again);
  });
  effect(() => {
    if (!prompting.empty.value) return;
    excluding.value = false; // the next object begins with what belongs to it
    objects.replaced.value = null;
  });

  /** @param {{image: string, project: string}} news */
  const isHere = (news) => news.image === image.peek()?.id && news.project === projectId();
  socket.on("annotation:changed", (news) => {
    if (isHere(news)) objects.adopt(news.annotation);
  });
  socket.on("annotation:deleted", (news) => {
    if (isHere(news)) objects.drop(news.id, news.version);
  });
  socket.on("image:changed", (news) => {
    const opened = image.peek();
    if (opened && isHere(news) && news.state) image.value = { ...opened, state: news.state };
  });
  let connected = socket.connected; // it may have come before the session
  socket.on("connect", () => {
    deliver();
    const opened = image.peek();
    if (connected && opened) {
      void loadAnnotations(opened.id); // news were missed meanwhile
      void labels.load();
      if (work.peek().phase === "failed") work.peek().error?.retry();
    }
    connected = true;
  });
  globalThis.addEventListener?.("online", deliver);
  globalThis.document?.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") deliver();
  });

  /** Sends what waits, also what pages left behind that are no more. */
  function deliver() {
    outbox.wake();
    void outbox.adopt();
  }
  deliver();
  void labels.load();

  /** @param {string} imageId */
  async function loadAnnotations(imageId) {
    loadFailure.value = null;
    try {
      await objects.load(projectId(), imageId);
    } catch (error) {
      if (image.peek()?.id !== imageId) return;
      const { message } = /** @type {Error} */ (error);
      loadFailure.value = { message, retry: () => void loadAnnotations(imageId) };
    }
  }

  /** Resolves when clicks on the image are answered at once. @param {ImageInfo} next */
  async function open(next) {
    prompting.clear();
    editing.drafts.value = null;
    editing.removed.value = null;
    history.forget();
    if (image.peek()?.id !== next.id) objects.empty();
    cursor.value = null;
    swept.value = null;
    image.value = next;
    viewport.setPicture(next);
    work.value = IDLE;
    await Promise.all([loadAnnotations(next.id), segmenter.open(next)]);
  }

  /**
   * The candidate on show becomes an annotation of the active label, or the new mask of the object that is refined.
   * @returns {Promise<Annotation|null>} null: nothing to accept
   */
  async function accept() {
    const target = image.peek();
    if (!target || prompting.empty.peek()) return null;
    await prompting.settled();
    const words = prompting.said.peek();
    const answer = prompting.answer.peek();
    const candidate = answer && chosen(answer);
    if (!answer || !candidate) return null;
    const mask = await segmenter.maskRle(candidate.lowRes);
    if (words !== prompting.said.peek() || image.peek()?.id !== target.id) return null;
    if (mask.area === 0) {
      refuse(t("The mask is empty, so nothing was added."));
      return null;
    }
    const made = {
      prompts: [...answer.steps],
      segmenter: answer.decoded.segmenter.id,
      weights: answer.decoded.segmenter.weights,
      candidate: candidate.token,
      predicted_iou: candidate.predictedIou,
      stability_score: candidate.stability,
    };
    const before = refined.peek();
    const annotation = before ? { ...before, ...mask, ...made } : editing.newAnnotation(mask, made);
    const title = before ? t("Refine {label}", { label: annotation.label }) : t("Accept {label}", { label: annotation.label });
    if (!edit(title, [{ before, after: annotation }], { finishes: true })) return null;
    if (!before && isLone(words)) preference.note(annotation.label, answer.decoded.candidates, answer.choice);
    objects.select(before ? before.id : null);
    if (dropsSpecks.peek()) sweep(annotation.id, words.points);
    const told = { label: annotation.label };
    if (before) say(t("Updated {label}.", told));
    else say(counted(shown.peek().length, "Accepted as {label}. {count} object.", "Accepted as {label}. {count} objects.", told));
    return annotation;
  }

  /** A step of its own, so that undo brings the specks back. @param {string} id @param {readonly Point[]} points */
  function sweep(id, points) {
    const object = objects.find(id);
    const mask = object && withoutStrayPieces(object, points);
    if (!mask || !edit(t("Remove specks"), [{ before: object, after: { ...object, ...mask } }])) return;
    const pixels = object.area - mask.area;
    const text = counted(pixels, "Removed specks: {count} pixel.", "Removed specks: {count} pixels.");
    const { rle, area, bbox } = object;
    swept.value = { text, id, counts: mask.rle.counts, before: { rle, area, bbox } };
  }

  /** Takes the latest sweeping back, unless the object's mask has changed since. */
  function unsweep() {
    const last = swept.peek();
    const object = last && objects.find(last.id);
    swept.value = null;
    if (object) edit(t("Restore specks"), [{ before: object, after: { ...object, ...last.before } }]);
  }

  /**
   * Renames or recolours a label, and with it every object that carries it: here at once, on the server those of every
   * image. No step of the history, since it is not about this image.
   * @param {string} name
   * @param {{name?: string, color?: string}} change
   */
  function changeLabel(name, change) {
    const known = labels.all.peek().find((label) => label.name === change.name);
    const written = labels.change(name, change);
    const label = known ?? labels.all.peek().find((other) => other.name === (change.name ?? name));
    if (!label) return;
    const follow = (/** @type {Annotation} */ annotation) =>
      annotation.label === name ? { ...annotation, label: label.name, color: label.color } : annotation;
    shown.value = shown.peek().map(follow);
    history.rewrite(follow);
    outbox.rewrite(follow);
    void written.then(() => {
      const opened = image.peek();
      if (opened) void loadAnnotations(opened.id); // they have new versions
    });
  }

  return {
    project,
    viewport,
    prompting,
    objects,
    outbox,
    labels,
    history,
    preference,
    refine,
    refined,
    drafts: editing.drafts,
    noOverlap: editing.noOverlap,
    cursor,
    excluding,
    said,
    refused,
    refuse,
    loadFailure,
    pictureFailure,
    prompt,
    swept,
    unsweep,
    open,
    accept,
    edit,
    draft: editing.draft,
    redraw: editing.redraw,
    newAnnotation: editing.newAnnotation,
    withMask,
    remove: editing.remove,
    removeAll: editing.removeAll,
    removed: editing.removed,
    bringBack: editing.bringBack,
    relabel: editing.relabel,
    changeLabel,
    /** Whether closing the page would lose something. */
    losing: computed(() => outbox.losing.value || labels.unsaved.value),
    /** Resolves once the server has it, which may be much later. @type {import("../net/api.js").Api["setImageState"]} */
    setImageState: outbox.putState,
  };
}
