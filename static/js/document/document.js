/**
 * An opened image as an object: its objects, what is said of it, its history, the project's labels as it shows them, and
 * what of all that the server does not have yet. Two can be open at once; each hears only of its own image.
 */

import { batch, computed, effect, signal, untracked } from "../core/signals.js";
import { reaches } from "../core/roles.js";
import { IDLE } from "../core/state.js";
import { createAccepting } from "./accepting.js";
import { createHearing } from "./hearing.js";
import { createLabels, labelled } from "./labels/labels.js";
import { createPatching } from "./patch.js";
import { createAnnotations } from "./objects/annotations.js";
import { createEditing, withMask } from "./objects/editing.js";
import { createLeftImages } from "./left-images.js";
import { createOutlines } from "./objects/outline-states.js";
import { createPrompting } from "./prompt/prompting.js";
import { createRefining } from "./prompt/refining.js";
import { createSpeech } from "./speech.js";
import { createOutbox } from "./sync/outbox.js";
import { createPresence } from "./sync/presence.js";

/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("../core/types.js").Work} Work */
/** @typedef {ReturnType<typeof createDocument>} Document */

/**
 * Resolves when clicks on the opened image are answered; one made before that, or while it has failed, waits.
 * @param {import("../engine/slot.js").Slot["answering"]} answering @returns {Promise<void>}
 */
function clicksAnswered(answering) {
  if (answering.peek()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (!answering.value) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}

/**
 * @param {object} parts
 * @param {import("../net/api.js").Api} parts.api
 * @param {import("../net/socket.js").Live} parts.socket
 * @param {Pick<import("../engine/engine.js").Engine, 'slot'|'segmenters'>} parts.engine
 * @param {import("../core/types.js").Project} parts.project
 * @param {import("./sync/notebook.js").Store} [parts.store]  where its changes are kept until they are sent
 * @param {import("./prompt/preference.js").Preference} parts.preference  of this person in the project
 * @param {number|null} [parts.seq]  the number of the project's last event when the page was made
 * @param {boolean} [parts.trying]  all that is done stays in this page, which may not save it
 * @param {import("../core/signals.js").Signal<string|undefined>} [parts.layer]  the account whose independent work is shown
 */
export function createDocument({ api, socket, engine, project: first, store, preference, seq = null, trying = false, layer }) {
  const project = signal(first);
  const projectId = () => project.peek().id;
  /** Whether the server takes what is done here. */
  const saves = reaches(first.role, "annotator") && !trying;
  /** Whose page it is may look, and change nothing. */
  const readOnly = !saves && !trying;
  /** The opened image. */
  const image = signal(/** @type {ImageInfo|null} */ (null));
  /** Changes with every comment that somebody writes about it. */
  const commentNews = signal(0);
  /** What it waits for; `ready` means a click is answered at once, and from then on without the network where it can be. */
  const work = signal(/** @type {Work} */ (IDLE));
  const slot = engine.slot(work);
  const segmenter = () => engine.segmenters.peek().inUse;
  const seen = () => (slot.zoom.peek().ready ? slot.zoom.peek().window : null);
  /** Why the list of annotations could not be read. */
  const loadFailure = signal(/** @type {{message: string, retry: () => void}|null} */ (null));
  const { said, say, refused, refuse } = createSpeech();

  const outbox = createOutbox({ api, store, sends: !trying, onDelivered: (pending, saved) => objects.confirm(pending, saved) });
  const objects = createAnnotations({ api, outbox, opened: () => ({ project: projectId(), image: image.peek()?.id }) });
  const presence = createPresence({
    ...{ socket, image, object: objects.selectedId, edits: saves },
    waiting: computed(() => new Set(outbox.waiting.value.map(({ of }) => of))),
  });
  const labels = createLabels({ api, project, annotations: objects.all, idle: outbox.idle });
  const outlines = createOutlines();
  const editing = createEditing({ image, objects, presence, outlines, labels, prompting: () => prompting, projectId, readOnly, say, refuse });
  const { history } = editing;
  const left = createLeftImages();
  const prompting = createPrompting({
    decode: slot.decode,
    ready: () => clicksAnswered(slot.answering),
    isReady: () => slot.answering.peek(),
    previews: () => work.peek().phase === "ready",
    segmenter,
    size: () => image.peek(),
    seen,
    record: editing.recordPrompt,
    first: ({ candidates, best }, lone) =>
      lone ? preference.first(labels.active.peek().name, candidates, best) : best,
  });
  const refine = createRefining({ objects, presence, prompting, editing, segmenter, seen, say, refuse });
  /** The object whose mask is being made anew. */
  const refined = computed(() => objects.all.value.find(({ id }) => id === objects.replaced.value) ?? null);
  const accepting = createAccepting({ image, objects, prompting, preference, editing, refined, maskRle: slot.maskRle, say, refuse });
  const weights = computed(() => engine.segmenters.value.inUse.weights);

  const closed = new AbortController();
  const { signal: closing } = closed;
  const stops = [
    effect(() => {
      void weights.value;
      untracked(prompting.again);
    }),
    effect(() => {
      if (prompting.empty.value) objects.replaced.value = null;
    }),
    effect(() => {
      void layer?.value;
      const opened = image.peek();
      if (!opened) return;
      untracked(() => {
        objects.empty(); // those of somebody else
        void loadAnnotations(opened.id);
      });
    }),
  ];
  globalThis.addEventListener?.("online", deliver, { signal: closing });
  globalThis.document?.addEventListener("visibilitychange", () => document.visibilityState === "visible" && deliver(), { signal: closing });

  /** Sends what waits, also what pages left behind that are no more. */
  function deliver() {
    outbox.wake();
    void outbox.adopt();
    const { state } = labels.failure.peek() ?? {};
    if (state === "kept" || state === "failed") void labels.load();
  }
  deliver();
  void labels.load();
  const hearing = createHearing({
    ...{ api, socket, projectId, image, objects, seq, followLabels, loadAnnotations },
    commented: () => commentNews.value++,
    back: deliver,
    elsewhere: () => layer?.peek() !== undefined,
    returned() {
      if (work.peek().phase === "failed") work.peek().error?.retry();
    },
  });

  /** @param {string} imageId */
  async function loadAnnotations(imageId) {
    loadFailure.value = null;
    try {
      await objects.load(projectId(), imageId, layer?.peek());
    } catch (error) {
      if (image.peek()?.id !== imageId) return;
      const { message } = /** @type {Error} */ (error);
      loadFailure.value = { message, retry: () => void loadAnnotations(imageId) };
    }
  }

  /** Another image, or the same anew. Resolves when clicks on it are answered at once. @param {ImageInfo} next */
  async function open(next) {
    const before = image.peek();
    if (before) left.leave(before.id, editing.progress());
    prompting.clear();
    if (before?.id !== next.id) objects.empty();
    hearing.leave();
    accepting.swept.value = null;
    batch(() => {
      image.value = next;
      work.value = IDLE;
      editing.resume(left.of(next.id));
    });
    await Promise.all([loadAnnotations(next.id), readOnly ? null : slot.open(next)]);
  }

  /** Hears of nothing any more; what waits for the server is still sent, by this page or another. */
  function close() {
    for (const stop of stops) stop();
    hearing.close();
    presence.close();
    closed.abort();
    slot.close();
    void outbox.close();
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
    const { id } = project.peek();
    rewrite((annotation) =>
      annotation.label === name && annotation.project_id === id ? { ...annotation, ...labelled(label) } : annotation,
    );
    void written.then(() => {
      relabel({}); // as they were, if it was refused
      const opened = image.peek();
      if (known && opened) void loadAnnotations(opened.id); // those of the label that is gone have new versions
    });
  }

  /** What is no step of the history, since it is not about this image. @param {(annotation: Annotation) => Annotation} follow */
  function rewrite(follow) {
    batch(() => {
      const all = objects.all.peek().map(follow);
      if (all.some((annotation, i) => annotation !== objects.all.peek()[i])) objects.all.value = all;
      const gone = editing.removed.peek();
      if (gone) editing.removed.value = { ...gone, objects: gone.objects.map(follow) };
      history.rewrite(follow);
      left.rewrite(follow);
      outbox.rewrite(follow);
    });
  }

  /** Reads the labels anew, after somebody changed them; objects follow. @param {Readonly<Record<string, string>>} merged */
  async function followLabels(merged) {
    await labels.follow(merged);
    relabel(merged);
  }

  /** Has objects called as their labels are. @param {Readonly<Record<string, string>>} merged */
  function relabel(merged) {
    const known = new Map(labels.all.peek().map((label) => [label.id, label]));
    rewrite((annotation) => {
      const id = annotation.label_id ?? "";
      const label = known.get(merged[id] ?? id);
      return label && (label.id !== id || label.name !== annotation.label || label.color !== annotation.color)
        ? { ...annotation, ...labelled(label) }
        : annotation;
    });
  }

  return {
    project,
    saves,
    readOnly,
    image,
    work,
    /** Whether a click is answered at once, by whomever. */
    answering: slot.answering,
    segmenters: engine.segmenters,
    prompting,
    objects,
    presence,
    outlines,
    outbox,
    labels,
    history,
    /** What was done to the opened image, for another page that goes on with it. */
    progress: editing.progress,
    resume: editing.resume,
    preference,
    refine,
    refined,
    drafts: editing.drafts,
    dropped: editing.dropped,
    noOverlap: editing.noOverlap,
    said,
    refused,
    refuse,
    loadFailure,
    commentNews,
    swept: accepting.swept,
    unsweep: accepting.unsweep,
    open,
    close,
    accept: accepting.accept,
    /** The masks of what nobody said here; given up for what somebody does. @param {import("../core/types.js").Prompt} prompt */
    glance: (prompt) => slot.decode(prompt, { priority: "hover" }),
    /** Full-size masks of the opened image. */
    maskRle: slot.maskRle,
    /** The window of the opened image that is looked through, and whether masks are decoded in it. */
    zoom: slot.zoom,
    look: slot.look,
    /** Makes images ready that will be opened next. */
    ahead: slot.ahead,
    /** Makes what an action returned. */
    change: createPatching({ edit: editing.edit, objects, labels, say, refuse }),
    edit: editing.edit,
    draft: editing.draft,
    drop: editing.drop,
    redraw: editing.redraw,
    newAnnotation: editing.newAnnotation,
    withMask,
    removing: editing.removing,
    relabelling: editing.relabelling,
    removed: editing.removed,
    bringBack: editing.bringBack,
    changeLabel,
    /** Whether closing the page would lose something. */
    losing: computed(() => outbox.losing.value || labels.unsaved.value),
    /** Resolves once the server has it, which may be much later. @type {import("../net/api.js").Api["setImageState"]} */
    setImageState: outbox.putState,
  };
}
