/** One image being annotated: opens it everywhere, and turns the chosen candidate into an annotation. */

import { newId } from "../core/ids.js";
import { computed, effect, signal, untracked } from "../core/signals.js";
import { IDLE, annotations as shown, image, prompt, segmenters, work } from "../core/state.js";
import { createAnnotations } from "./annotations.js";
import { createEdits } from "./edits.js";
import { createLabels } from "./labels.js";
import { chosen } from "./prompt-history.js";
import { createPrompting } from "./prompting.js";
import { createViewport } from "./viewport.js";

/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("../segment/segmenter.js").Segmenter} Segmenter */
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
 */
export function createSession({ api, socket, segmenter }) {
  const viewport = createViewport();
  /** Why the list of annotations could not be read. */
  const loadFailure = signal(/** @type {{message: string, retry: () => void}|null} */ (null));
  /** Why the picture cannot be shown. */
  const pictureFailure = signal(/** @type {{message: string, retry: () => void}|null} */ (null));
  /** Place of the keyboard's pointer in the image frame, null while the mouse or a finger is used. */
  const cursor = signal(/** @type {{x: number, y: number}|null} */ (null));
  /** Whether a plain click excludes: for fingers, which have neither Alt nor a right button. */
  const excluding = signal(false);
  /** What is said aloud to screen readers. */
  const said = signal("");

  const prompting = createPrompting({ decode: segmenter.decode, ready: clicksAnswered });
  const annotations = createAnnotations(api);
  const edits = createEdits({ annotations, prompting });
  const labels = createLabels();
  const weights = computed(() => segmenters.value.inUse.weights);
  effect(() => {
    void weights.value;
    untracked(prompting.again);
  });
  effect(() => {
    if (prompting.empty.value) excluding.value = false; // the next object begins with what belongs to it
  });

  socket.on("annotation:changed", (news) => {
    if (news.image === image.peek()?.id) annotations.adopt(news.annotation);
  });
  socket.on("annotation:deleted", (news) => {
    if (news.image === image.peek()?.id) annotations.drop(news.id);
  });
  let connected = false;
  socket.on("connect", () => {
    for (const saving of annotations.unsaved.peek().values()) if (saving.state === "failed") saving.retry();
    const opened = image.peek();
    if (connected && opened) void loadAnnotations(opened.id); // news were missed meanwhile
    connected = true;
  });

  /** @param {string} imageId */
  async function loadAnnotations(imageId) {
    loadFailure.value = null;
    try {
      await annotations.load(imageId);
    } catch (error) {
      if (image.peek()?.id !== imageId) return;
      const { message } = /** @type {Error} */ (error);
      loadFailure.value = { message, retry: () => void loadAnnotations(imageId) };
    }
  }

  /** Resolves when clicks on the image are answered at once. @param {ImageInfo} next */
  async function open(next) {
    prompting.clear();
    edits.forget();
    if (image.peek()?.id !== next.id) annotations.empty();
    cursor.value = null;
    image.value = next;
    viewport.setPicture(next);
    work.value = IDLE;
    await Promise.all([loadAnnotations(next.id), segmenter.open(next)]);
  }

  /**
   * The candidate on show becomes an annotation of the active label.
   * @returns {Promise<Annotation|null>} null: nothing to accept
   */
  async function accept() {
    const target = image.peek();
    if (!target || prompting.empty.peek()) return null;
    await prompting.settled();
    const history = prompting.history.peek();
    const candidate = chosen(history.present);
    const made = history.present.decoded?.segmenter;
    if (!candidate || !made) return null;
    const mask = await segmenter.maskRle(candidate.lowRes);
    if (history.present.id !== prompting.history.peek().present.id || image.peek() !== target) return null;
    if (mask.area === 0) {
      said.value = "The mask is empty: nothing was added.";
      return null;
    }
    const { name, color } = labels.active.peek();
    const now = new Date().toISOString();
    /** @type {Annotation} */
    const annotation = {
      id: newId(),
      image_id: target.id,
      label: name,
      color,
      ...mask,
      prompts: [...history.present.steps],
      segmenter: made.id,
      weights: made.weights,
      candidate: candidate.token,
      predicted_iou: candidate.predictedIou,
      stability_score: candidate.stability,
      version: 1,
      created_at: now,
      updated_at: now,
    };
    edits.perform({ kind: "add", annotation, prompt: history });
    prompting.clear();
    annotations.select(null);
    const count = shown.peek().length;
    said.value = `Accepted as ${name}. ${count} ${count === 1 ? "object" : "objects"}.`;
    return annotation;
  }

  /** @param {string} id */
  function remove(id) {
    const annotation = edits.find(id);
    if (!annotation) return;
    edits.perform({ kind: "remove", annotation, prompt: null });
    said.value = `Deleted ${annotation.label}. Undo brings it back.`;
  }

  /** Gives one object another label. @param {string} id @param {import("./labels.js").Label} label */
  function relabel(id, label) {
    const annotation = edits.find(id);
    if (!annotation || annotation.label === label.name) return;
    const before = { label: annotation.label, color: annotation.color };
    edits.perform({
      kind: "change",
      changes: [{ id, before, after: { label: label.name, color: label.color } }],
    });
  }

  /**
   * Renames or recolours a label and every object that carries it.
   * @param {string} name
   * @param {{name?: string, color?: string}} change
   */
  function changeLabel(name, change) {
    const taken = labels.all.peek().find((label) => label.name === change.name);
    labels.change(name, taken ? { name: taken.name, color: taken.color } : change);
    const label = labels.all.peek().find((other) => other.name === (change.name ?? name));
    if (!label) return;
    const after = { label: label.name, color: label.color };
    const carrying = shown.peek().filter((annotation) => annotation.label === name);
    const changes = carrying.map(({ id, label: was, color }) => ({
      id,
      before: { label: was, color },
      after,
    }));
    if (changes.length) edits.perform({ kind: "change", changes });
  }

  return {
    viewport,
    prompting,
    annotations,
    edits,
    labels,
    cursor,
    excluding,
    said,
    loadFailure,
    pictureFailure,
    prompt,
    open,
    accept,
    remove,
    relabel,
    changeLabel,
  };
}
