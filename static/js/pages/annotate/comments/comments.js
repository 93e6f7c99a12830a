/** The comments of the opened image: pinned on it, listed beside it, read and written in a card. Loaded when first needed. */

import { computed, effect, signal, untracked } from "../../../core/signals.js";
import { online } from "../../../core/state.js";
import { t } from "../../../core/text.js";
import { createThreads } from "../../../document/comments/threads.js";
import { keepDraft, readKept } from "../../../document/comments/kept.js";
import { objectAt } from "../../../editor/picking.js";
import { viewOptions } from "../../../editor/view-options.js";
import { ACCOUNT, SELF } from "../../../net/account.js";
import { createCard } from "./card.js";
import { createList } from "./list.js";
import { createPins } from "./pins.js";
import { createPlacing } from "./placing.js";

/** @typedef {import("../../../document/comments/threads.js").ShownThread} ShownThread */
/** @typedef {import("../../../document/comments/threads.js").Anchor} Anchor */
/** @typedef {{thread: string, at?: undefined} | {thread?: undefined, at: Anchor}} Opened  a thread, or one that is being begun */
/** @typedef {ReturnType<typeof createBoard>} Board */

/** What the parts have in common. @param {import("../../../editor/actions/action.js").App} app @param {import("./loading.js").Parts} parts */
function createBoard({ doc, editor, commentWish }, { api, people }) {
  const project = doc.project.peek().id;
  const image = computed(() => doc.image.value?.id);
  const threads = createThreads({ api, project, self: SELF || null, image, news: doc.commentNews, online });
  const opened = signal(/** @type {Opened|null} */ (null));
  const resolvedToo = signal(false);
  /** The next press on the image says where a comment belongs. */
  const placing = signal(false);

  const visible = computed(() => threads.shown.value.filter((each) => resolvedToo.value || !each.resolved_at || each.id === opened.value?.thread));
  const nameOf = (/** @type {string|null} */ id) => people.nameOf(id) || threads.nameOf(id);

  /** @param {ShownThread} thread */
  function show(thread) {
    opened.value = { thread: thread.id };
    if (thread.x !== null && thread.y !== null) editor.viewport.reveal({ x: thread.x, y: thread.y });
    const about = doc.objects.find(thread.annotation_id ?? "");
    if (about) doc.objects.select(about.id);
    if (ACCOUNT) void api.markRead({ project, thread: thread.id }).catch(() => {}); // it stays unread
  }

  /** @param {{x: number, y: number}|null} place */
  function begin(place) {
    placing.value = false;
    viewOptions.comments.value = true;
    const object = place && objectAt(doc.objects.all.peek(), doc.objects.hidden.peek(), place);
    opened.value = { at: place && (object ? { ...place, annotation_id: object.id } : place) };
  }

  function next() {
    const open = threads.shown.peek().filter((each) => !each.resolved_at);
    if (!open.length) return void (doc.said.value = t("No open comments."));
    const at = open.findIndex(({ id }) => id === opened.peek()?.thread);
    show(open[(at + 1) % open.length]);
  }

  effect(() => {
    void image.value;
    opened.value = null;
    placing.value = false;
  });
  effect(() => {
    const wish = commentWish.value;
    if (!wish || (("open" in wish || "next" in wish) && !threads.isLoaded.value)) return;
    untracked(() => {
      commentWish.value = null;
      if ("begin" in wish) begin(wish.begin);
      else if ("place" in wish) placing.value = true;
      else if ("next" in wish) next();
      else {
        const found = threads.shown.peek().find(({ id }) => id === wish.open);
        if (found) show(found);
        else doc.refuse(t("This comment was deleted."));
      }
    });
  });
  effect(() => {
    const id = opened.value?.thread;
    if (id && threads.isLoaded.value && !threads.shown.value.some((each) => each.id === id)) opened.value = null;
  });

  /** What is typed and not sent. @param {string} place */
  function draft(place) {
    const key = `${project} ${image.peek()} ${place}`;
    return {
      read: () => readKept().drafts[key] ?? "",
      write: (/** @type {string} */ text) => keepDraft(key, text),
    };
  }

  return { threads, opened, resolvedToo, placing, visible, nameOf, show, draft };
}

/**
 * @param {import("../../../editor/actions/action.js").App} app
 * @param {import("./loading.js").Parts & {section: HTMLElement, title: HTMLElement, head: HTMLElement}} parts
 */
export function createComments(app, { section, title, head, ...parts }) {
  const board = createBoard(app, parts);
  createPins(app, board, parts.room);
  createPlacing(app, board, parts.room);
  createCard(app, board, parts);
  createList(board, { section, title, head });
}
