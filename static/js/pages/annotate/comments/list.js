/** The threads of the opened image in the panels: open ones, or all; a press goes to the spot. */

import { effect } from "../../../core/signals.js";
import { counted, t } from "../../../core/text.js";
import { fill, h, keepRows, set } from "../../shared/dom.js";
import { avatar } from "../../shared/people.js";
import { written } from "../../../document/comments/mentions.js";

/** @typedef {import("./comments.js").Board} Board */
/** @typedef {import("./comments.js").ShownThread} ShownThread */

/**
 * @param {Board} board
 * @param {{section: HTMLElement, title: HTMLElement, head: HTMLElement}} parts
 */
export function createList(board, { section, title, head }) {
  const { threads, opened, resolvedToo, visible, nameOf } = board;
  const count = h("span", { class: "count" });
  const filter = h("button", { type: "button", class: "button quiet comment-filter", onclick: () => (resolvedToo.value = !resolvedToo.peek()) });
  const list = h("ol", { class: "rows comment-list" });
  const wrong = h("p", { class: "panel-problem", role: "status", hidden: true });
  const retry = h("button", { type: "button", class: "button quiet", onclick: () => void threads.load() }, t("Try again"));
  title.append(count);
  head.querySelector(".spring")?.after(filter);
  section.append(list, wrong);
  const rows = new Map();

  /** @param {ShownThread} first */
  function row(first) {
    const open = () => {
      const thread = threads.shown.peek().find(({ id }) => id === first.id);
      if (thread) board.show(thread);
    };
    const button = h("button", { type: "button", class: "comment-item", onclick: open });
    let shown = "";
    return {
      element: h("li", {}, button),
      /** @param {ShownThread} thread */
      update(thread) {
        const current = opened.value?.thread === thread.id;
        const [begin] = thread.comments;
        const by = begin.created_by;
        const words = begin.deleted ? t("This comment was deleted.") : written(begin.text, nameOf);
        const text = JSON.stringify([thread, nameOf(by), words, current]);
        if (text === shown) return;
        shown = text;
        const replies = thread.comments.length - 1;
        const waits = thread.comments.some(({ waiting }) => waiting?.delayed || waiting?.failure);
        const notes = [thread.x === null && t("Whole image"), replies > 0 && counted(replies, "{count} reply", "{count} replies"), thread.resolved_at && t("Resolved"), waits && t("Not sent yet")];
        set(button, { "aria-current": current ? "true" : null, "data-resolved": !!thread.resolved_at });
        fill(
          button,
          by ? avatar({ account: by, name: nameOf(by) || "?" }) : h("span", { class: "avatar", "aria-hidden": "true" }, String(thread.n)),
          h("span", { class: "comment-item-words" }, h("span", { class: "comment-item-text", dir: "auto" }, words), h("span", { class: "muted" }, notes.filter(Boolean).join(" · "))),
        );
      },
    };
  }

  effect(() => {
    const all = threads.shown.value;
    const open = all.filter((each) => !each.resolved_at).length;
    const resolved = all.length - open;
    void opened.value;
    keepRows(list, visible.value, ({ id }) => id, row, rows);
    count.textContent = open ? String(open) : "";
    filter.hidden = !resolved && !resolvedToo.value;
    filter.textContent = resolvedToo.value ? t("Hide resolved") : t("{count} resolved", { count: resolved });
    set(filter, { "aria-pressed": String(resolvedToo.value) });
    list.hidden = !visible.value.length;
  });
  effect(() => {
    wrong.hidden = threads.failure.value === null;
    fill(wrong, t("Couldn't load comments. {reason}", { reason: threads.failure.value ?? "" }), retry);
  });
}
