/** Going through the images of the project, and saying how far each is. */

import { effect, untracked } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { incomplete } from "../../document/objects/attributes.js";

/** @typedef {import("./action.js").Action} Action */
/** @typedef {import("./action.js").App} App */
/** @typedef {import("../../core/types.js").ImageState} ImageState */

/** @type {Action} */
export const nextImage = {
  id: "next-image",
  title: t("Next image"),
  group: t("Images"),
  keys: ["D", "Alt+ArrowRight"],
  enabled: ({ queue }) => queue.next.value !== null || queue.own,
  perform: ({ queue }) => void (queue.go(queue.next.peek()) || queue.take()),
};

/** @type {Action} */
export const previousImage = {
  id: "previous-image",
  title: t("Previous image"),
  group: t("Images"),
  keys: ["A", "Alt+ArrowLeft"],
  enabled: ({ queue }) => queue.previous.value !== null,
  perform: ({ queue }) => void queue.go(queue.previous.peek()),
};

/** What the image still lacks, empty when it lacks nothing. @param {App} app */
function lacking({ doc }) {
  const count = incomplete(doc.objects.all.value, doc.labels.all.value).length;
  return count
    ? counted(count, "{count} object is missing attributes its label requires", "{count} objects are missing attributes their labels require")
    : "";
}

/**
 * Does it once it is known what the image lacks, where that decides; unless another image is opened first. Where it
 * cannot be known, the server decides.
 * @param {App} app @param {() => void} perform
 */
function onceKnown({ doc }, perform) {
  const { objects, labels, loadFailure, project } = doc;
  const asked = doc.image.peek()?.id;
  let settled = false;
  const stop = effect(() => {
    const free = !project.value.settings.require_attributes;
    const known = objects.loaded.value && labels.loaded.value;
    const unknown = loadFailure.value !== null || labels.failure.value !== null;
    const left = doc.image.value?.id !== asked;
    if (settled || !(free || known || unknown || left)) return;
    settled = true;
    queueMicrotask(() => stop());
    if (!left) untracked(perform);
  });
}

/** Whether the image may not be done, which is said where it is to be mended. @param {App} app */
function held({ doc, queue, panelWish }) {
  if (!doc.project.peek().settings.require_attributes) return false;
  const [first] = incomplete(doc.objects.all.peek(), doc.labels.all.peek());
  if (!first) return false;
  const { annotation, missing } = first;
  doc.objects.select(annotation.id);
  panelWish.value = "attributes";
  const values = { label: annotation.label, attribute: missing[0] };
  queue.notice.value = { text: t("Not done yet: {label} is missing “{attribute}”.", values), retry: null };
  return true;
}

/** @param {App} app @param {ImageState} state @param {string} told @param {string} [warning] */
function markAndGoOn({ doc, queue }, state, told, warning = "") {
  const next = queue.next.peek();
  queue.mark(state);
  doc.said.value = told;
  const warned = warning && `${doc.image.peek()?.name}: ${warning}.`;
  const last = queue.onward(next) ? "" : t("That was the last image.");
  const text = [warned, last].filter(Boolean).join(" ");
  if (text) queue.notice.value = { text, retry: null };
}

/** @type {Action} */
export const doneAndNext = {
  id: "done-and-next",
  title: t("Done and next"),
  group: t("Images"),
  keys: ["Shift+D"],
  enabled: ({ queue }) => queue.standing.value !== null,
  detail: lacking,
  perform: (app) =>
    onceKnown(app, () => held(app) || markAndGoOn(app, "done", t("Marked as done."), lacking(app))),
};

/** @type {Action} */
export const skipAndNext = {
  ...doneAndNext,
  detail: undefined,
  id: "skip-and-next",
  title: t("Skip and next"),
  keys: [],
  perform: (app) => markAndGoOn(app, "skipped", t("Marked as skipped.")),
};

/** @type {Action} */
export const giveBack = {
  id: "give-back",
  title: t("Give back and next"),
  group: t("Images"),
  keys: [],
  enabled: ({ queue }) => queue.isMine.value,
  perform: ({ queue }) => void queue.giveBack(),
};

/** @param {ImageState} state @param {string} title @returns {Action} */
const markAs = (state, title) => ({
  id: `mark-${state}`,
  title,
  group: t("Images"),
  keys: [],
  enabled: ({ queue }) => queue.standing.value !== null,
  perform(app) {
    const mark = () => {
      app.queue.mark(state);
      app.doc.said.value = title;
    };
    if (state === "done") onceKnown(app, () => held(app) || mark());
    else mark();
  },
});

export const markImage = [
  markAs("new", t("Mark as new")),
  markAs("in_progress", t("Mark as in progress")),
  markAs("done", t("Mark as done")),
  markAs("skipped", t("Mark as skipped")),
  markAs("attention", t("Mark as needing attention")),
];
