/** Going through what others say is done: accepted or returned with a note, and taken back while the page is open. */

import { sentenceOf } from "../../core/errors.js";
import { reaches } from "../../core/roles.js";
import { computed, signal } from "../../core/signals.js";
import { t } from "../../core/text.js";

/** @typedef {import("../../core/types.js").ImageInfo} ImageInfo */
/** @typedef {ReturnType<typeof createReview>} Review */

/**
 * @param {object} parts
 * @param {Pick<import("../../net/api.js").Api, "review">} parts.api
 * @param {Pick<import("../../core/types.js").Project, "id"|"role"|"settings">} parts.project
 * @param {import("./queue.js").Queue} parts.queue
 * @param {{peek(): ImageInfo|null, readonly value: ImageInfo|null}} parts.image  the opened one
 */
export function createReview({ api, project, queue, image }) {
  const on = project.settings.review && reaches(project.role, "reviewer");
  /** Whether the note of a return is being written. */
  const asking = signal(false);
  /** What was decided while the page is open, the latest last. */
  const decided = signal(/** @type {readonly ImageInfo[]} */ ([]));
  /** The opened image as it is known last. */
  const opened = computed(() => {
    const { images = [], at = -1 } = queue.standing.value ?? {};
    return images[at]?.id === image.value?.id ? images[at] : image.value;
  });

  /** @param {ImageInfo} target @param {"accept"|"return"} decision @param {string} note @param {import("../../core/types.js").ImageState} before */
  async function send(target, decision, note, before) {
    try {
      await api.review(project.id, target.id, { decision, note });
    } catch (error) {
      decided.value = decided.peek().filter((each) => each !== target);
      queue.know(target.id, before);
      queue.notice.value = { text: `${target.name}: ${sentenceOf(error)}`, retry: null };
    }
  }

  let turn = Promise.resolve(); // decisions go out one after the other

  /** One goes on at once; what is refused is said. @param {"accept"|"return"} decision @param {string} [note] */
  function decide(decision, note = "") {
    const target = image.peek();
    if (!target || !can.peek()) return;
    const [next, before] = [queue.next.peek(), queue.state.peek()];
    decided.value = [...decided.peek(), target];
    queue.know(target.id, decision === "accept" ? "accepted" : "returned");
    turn = turn.then(() => send(target, decision, note, before));
    if (!queue.go(next)) queue.notice.value = { text: t("That was the last image."), retry: null };
  }

  let undone = Promise.resolve();

  async function takeBack() {
    await turn;
    const target = decided.peek().at(-1);
    if (!target) return;
    try {
      await api.review(project.id, target.id, { decision: "reopen" });
      decided.value = decided.peek().filter((each) => each !== target);
      queue.know(target.id, "done");
      queue.go({ ...target, state: "done" });
    } catch (error) {
      queue.notice.value = { text: `${target.name}: ${sentenceOf(error)}`, retry: null };
    }
  }

  const can = computed(() => on && ["done", "accepted"].includes(queue.state.value) && image.value !== null);
  return {
    on,
    asking,
    opened,
    /** Whether the opened image can be accepted or returned. */
    can,
    canUndo: computed(() => decided.value.length > 0),
    accept: () => decide("accept"),
    /** @param {string} note  for who gets it back */
    giveBack: (note) => decide("return", note),
    /** Takes the latest decision back, once the server has, and opens its image. */
    undo: () => (undone = undone.then(takeBack)),
  };
}
