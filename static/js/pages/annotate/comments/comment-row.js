/** The comments of a thread: who wrote what when; one's own can be changed and deleted in place. */

import { effect } from "../../../core/signals.js";
import { reaches } from "../../../core/roles.js";
import { sentenceOf } from "../../../core/errors.js";
import { t } from "../../../core/text.js";
import { SELF } from "../../../net/account.js";
import { piecesOf, written } from "../../../document/comments/mentions.js";
import { fill, h, keepRows, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { avatar } from "../../shared/people.js";
import { timeOf, wordsOf } from "../../shared/comment-words.js";
import { createComposer } from "./composer.js";

/** @typedef {import("./comments.js").Board} Board */
/** @typedef {import("../../../document/comments/threads.js").ShownComment} ShownComment */
/** @typedef {{readonly value: import("./comments.js").ShownThread|undefined}} OneThread */

/**
 * @param {import("../../../editor/actions/action.js").App} app @param {Board} board
 * @param {{thread: OneThread, members: () => readonly import("../../../document/comments/mentions.js").Member[]}} parts
 */
export function commentRows({ doc }, board, { thread, members }) {
  const { threads, nameOf } = board;
  const moderates = reaches(doc.project.peek().role, "manager");
  const list = h("ol", { class: "comment-rows" });
  const rows = new Map();

  /** @param {ShownComment} first */
  function row(first) {
    const element = h("li", { class: "comment-row" });
    let now = first;
    let editing = false;
    let shown = "";

    /** @param {() => Promise<void>} doing @param {HTMLElement} wrong */
    async function attempt(doing, wrong) {
      try {
        await doing();
      } catch (error) {
        wrong.textContent = sentenceOf(error);
        wrong.hidden = false;
      }
    }

    /** @param {HTMLElement} place  where it is asked */
    function askToRemove(place) {
      const keep = () => {
        show();
        element.querySelector("button")?.focus();
      };
      const no = h("button", { type: "button", class: "button quiet", onclick: keep }, t("Cancel"));
      const yes = h("button", { type: "button", class: "button danger", onclick: () => void attempt(() => threads.remove(now.id), place) }, t("Delete"));
      fill(place, t("Delete this comment?"), h("span", { class: "spring" }), no, yes);
      place.hidden = false;
      no.focus();
    }

    function edit() {
      const cancel = () => {
        editing = false;
        show();
        element.querySelector("button")?.focus();
      };
      const mentioned = piecesOf(now.text).flatMap((piece) => (typeof piece === "string" ? [] : [{ id: piece.id, name: nameOf(piece.id) }]));
      const known = () => [...members(), ...mentioned.filter(({ id, name }) => name && !members().some((each) => each.id === id))];
      const composer = createComposer({
        ...{ label: t("Edit comment"), action: t("Save"), text: written(now.text, nameOf), members: known, cancel },
        async send(text) {
          await threads.edit(now.id, text);
          cancel();
        },
      });
      editing = true;
      fill(element, composer.element);
      composer.focus();
    }

    function show() {
      const { created_by: by, waiting } = now;
      const mine = (by ?? "") === SELF;
      const name = nameOf(by) || (by ? t("Someone") : "");
      const wrong = h("p", { class: "comment-wrong", role: "alert", hidden: true });
      const change = h("button", { type: "button", class: "icon-button small", title: t("Edit"), "aria-label": t("Edit"), onclick: edit }, icon("pencil"));
      const remove = h("button", { type: "button", class: "icon-button small", title: t("Delete"), "aria-label": t("Delete"), onclick: () => askToRemove(wrong) }, icon("trash"));
      const may = doc.saves && !waiting && !now.deleted;
      const words = now.deleted ? h("p", { class: "muted" }, t("This comment was deleted.")) : h("p", { class: "comment-text", dir: "auto" }, ...wordsOf(now.text, nameOf, SELF));
      fill(
        element,
        by ? avatar({ account: by, name }) : h("span", { class: "avatar", "aria-hidden": "true" }, icon("pencil")),
        h(
          "div",
          { class: "comment-main" },
          h("div", { class: "comment-head" }, name && h("b", {}, name), timeOf(now.created_at), now.edited_at && !now.deleted ? h("span", { class: "muted" }, t("edited")) : null, h("span", { class: "spring" }), may && mine && change, may && (mine || moderates) && remove),
          words,
          waiting ? waitingLine(waiting) : null,
          wrong,
        ),
      );
      set(element, { "data-waiting": !!waiting });
    }

    /** @param {NonNullable<ShownComment["waiting"]>} waiting */
    function waitingLine({ failure, delayed }) {
      const words = delayed ? t("Not sent yet. It is kept here and sent when the server is back.") : t("Sending...");
      if (!failure) return h("p", { class: "comment-wait" }, icon("sync"), words);
      const drop = () => {
        const of = thread.value;
        if (!of) return;
        const { id, x, y, annotation_id: about } = of;
        const begins = id === now.id;
        const at = x === null || y === null ? null : about ? { x, y, annotation_id: about } : { x, y };
        const draft = board.draft(begins ? "new" : id);
        draft.write([draft.read(), written(threads.discard(now.id), nameOf)].filter(Boolean).join("\n"));
        board.opened.value = null; // a card anew, with the draft
        board.opened.value = begins ? { at } : { thread: id };
      };
      return h("p", { class: "comment-wrong" }, t("Not sent: {reason}", { reason: failure }), h("button", { type: "button", class: "button quiet", onclick: drop }, t("Edit")));
    }

    return {
      element,
      /** @param {ShownComment} next */
      update(next) {
        const text = JSON.stringify([next, nameOf(next.created_by), written(next.text, nameOf)]);
        now = next;
        if (text === shown || editing) return;
        shown = text;
        show();
      },
    };
  }

  const stop = effect(() => keepRows(list, thread.value?.comments ?? [], ({ id }) => id, row, rows));
  return { element: list, stop };
}
