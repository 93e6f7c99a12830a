/** Comments, whose code and style come when there is something to show or somebody begins one; until then, their heading. */

import { sentenceOf } from "../../../core/errors.js";
import { computed, effect, untracked } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { isWaiting } from "../../../document/comments/kept.js";
import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { styled } from "../../shared/styled.js";
import { showKeys } from "../commands/keys-shown.js";

/** @typedef {import("../../../editor/actions/action.js").App} App */
/** @typedef {{api: import("../../../net/api.js").Api, people: import("../../shared/project-people.js").People, room: HTMLElement}} Parts */

const LINKED = /^#comment=([\w-]{8,36})$/;

/** @param {App} app @param {Parts} parts @returns {HTMLElement} a section of the panels */
export function createCommenting(app, parts) {
  const { doc, commentWish } = app;
  const title = h("h2", { id: "comments-title" }, t("Comments"));
  const add = doc.saves ? addButton(commentWish) : null;
  const head = h("div", { class: "panel-head" }, title, h("span", { class: "spring" }), add);
  const section = h("section", { class: "panel comments", "aria-labelledby": title.id }, head);
  const opened = computed(() => doc.image.value?.id);
  let asked = false;

  async function load() {
    if (asked) return;
    asked = true;
    try {
      const [{ createComments }] = await Promise.all([import("./comments.js"), styled("css/later/comments.css")]);
      createComments(app, { ...parts, section, title, head });
    } catch (error) {
      asked = false; // the next wish tries again
      commentWish.value = null;
      doc.refuse(t("Couldn't load comments. {reason}", { reason: sentenceOf(error) }));
    }
  }

  effect(() => {
    void opened.value;
    const open = doc.image.peek()?.open_threads ?? 0;
    if (open > 0 || doc.commentNews.value > 0 || commentWish.value) untracked(() => void load());
  });
  if (isWaiting(doc.project.peek().id)) void load();
  const [, linked] = LINKED.exec(location.hash) ?? [];
  if (linked) commentWish.value = { open: linked };
  return section;
}

/** With the mouse or a finger, the next press says where. @param {App["commentWish"]} wish */
function addButton(wish) {
  const button = h("button", { type: "button", class: "icon-button small", "aria-label": t("Add a comment"), onclick: () => (wish.value = { place: true }) }, icon("plus"));
  showKeys(button, "comment", (hint) => t("Add a comment") + hint);
  return button;
}
