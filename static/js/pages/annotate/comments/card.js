/** A thread as it is read, answered, resolved, edited; or a comment that is being begun. Beside its spot. */

import { sentenceOf } from "../../../core/errors.js";
import { computed, effect, untracked } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { fill, h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { createAnchor } from "./anchor.js";
import { commentRows } from "./comment-row.js";
import { createComposer } from "./composer.js";

/** @typedef {import("./comments.js").Board} Board */
/** @typedef {import("./comments.js").Anchor} Anchor */

const TOUCH = matchMedia("(pointer: coarse)"); // a keyboard would cover what is to be read
const NARROW = matchMedia("(width < 720px)");
const GAP = 12; // CSS pixels from the spot

/** @param {import("../../../editor/actions/action.js").App} app @param {Board} board @param {import("./loading.js").Parts} parts */
export function createCard(app, board, { people, room }) {
  const { doc, editor } = app;
  const { threads, opened } = board;
  const body = h("div", { class: "comment-card-body" });
  const card = h("div", { class: "comment-card popover", popover: "auto", role: "dialog" }, body);
  document.body.append(card);
  const close = () => (opened.value = null);
  card.addEventListener("beforetoggle", ({ newState }) => {
    if (newState === "closed") close();
  });
  card.addEventListener("toggle", ({ newState }) => {
    if (newState === "closed" && (document.activeElement === document.body || card.contains(document.activeElement))) room.focus({ preventScroll: true });
  });
  const members = () => people.members.peek().filter(({ id }) => id !== people.self);

  /** @param {Anchor} at  where it begins */
  function begin(at) {
    const anchor = createAnchor(doc, at, (changed) => (opened.value = { at: changed }));
    const draft = board.draft("new");
    const composer = createComposer({
      ...{ label: t("Write a comment"), action: t("Comment"), text: draft.read(), draft: draft.write, members, cancel: close },
      send: (text) => void (opened.value = { thread: threads.add(text, { at: opened.peek()?.at ?? null }) }),
    });
    set(card, { "aria-label": t("New comment") });
    fill(body, h("header", {}, h("strong", {}, t("New comment")), h("span", { class: "spring" }), closing()), anchor, composer.element);
    return composer.focus;
  }

  /** @param {string} id */
  function show(id) {
    const thread = computed(() => threads.shown.value.find((each) => each.id === id));
    const title = h("strong", {});
    const about = h("span", { class: "muted" });
    const resolve = h("button", { type: "button", class: "button quiet" });
    resolve.addEventListener("click", () => void settle(!thread.peek()?.resolved_at));
    const rows = commentRows(app, board, { thread, members });
    const draft = board.draft(id);
    const composer = createComposer({
      ...{ label: t("Reply"), action: t("Reply"), text: draft.read(), draft: draft.write, members, cancel: close },
      send: (text) => void threads.add(text, { thread: id }),
    });
    const wrong = h("p", { class: "comment-wrong", role: "alert", hidden: true });

    /** @param {boolean} resolved */
    async function settle(resolved) {
      wrong.hidden = true;
      try {
        await threads.resolve(id, resolved);
        doc.said.value = resolved ? t("Resolved.") : t("Open again.");
        if (resolved) close();
      } catch (error) {
        wrong.textContent = sentenceOf(error);
        wrong.hidden = false;
      }
    }

    const stopHead = effect(() => {
      const now = thread.value;
      if (!now) return;
      title.textContent = t("Comment {n}", { n: now.n });
      const object = doc.objects.all.value.find((each) => each.id === now.annotation_id);
      const gone = now.annotation_id && doc.objects.loaded.value && !object;
      about.textContent = object ? object.label : gone ? t("Object deleted") : now.x === null ? t("Whole image") : "";
      const by = now.resolved_by ? board.nameOf(now.resolved_by) : "";
      set(card, { "aria-label": title.textContent });
      fill(resolve, icon(now.resolved_at ? "undo" : "check"), now.resolved_at ? t("Reopen") : t("Resolve"));
      resolve.hidden = !doc.saves || !!now.comments[0].waiting;
      resolve.title = now.resolved_at && by ? t("Resolved by {name}", { name: by }) : "";
      set(card, { "data-resolved": !!now.resolved_at });
    });
    stop = () => {
      stopHead();
      rows.stop();
    };
    fill(body, h("header", {}, title, about, h("span", { class: "spring" }), resolve, closing()), rows.element, wrong, doc.saves && composer.element);
    return !doc.saves || TOUCH.matches ? () => card.querySelector("button")?.focus({ preventScroll: true }) : composer.focus;
  }

  function closing() {
    return h("button", { type: "button", class: "icon-button small", "aria-label": t("Close"), onclick: () => card.hidePopover() }, icon("close"));
  }

  let stop = () => {};
  const key = computed(() => (opened.value ? (opened.value.thread ?? "new") : null));
  effect(() => {
    const now = key.value;
    untracked(() => {
      stop();
      stop = () => {};
      if (now === null) return void (card.matches(":popover-open") && card.hidePopover());
      const focus = now === "new" ? begin(opened.peek()?.at ?? null) : show(now);
      if (!card.matches(":popover-open")) card.showPopover();
      place();
      focus();
      card.scrollTop = card.scrollHeight;
    });
  });

  /** Beside the spot, where there is room. */
  function place() {
    const { thread, at } = opened.peek() ?? {};
    const spot = thread ? threads.shown.peek().find(({ id }) => id === thread) : at;
    card.style.left = card.style.top = "";
    if (NARROW.matches || !card.matches(":popover-open")) return;
    const { left, top, right, bottom } = room.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = card;
    const { x, y } = spot && spot.x !== null && spot.y !== null ? editor.viewport.toScreen({ x: spot.x, y: spot.y }) : { x: (right - left - width) / 2 - GAP, y: GAP };
    const beside = left + x + 2 * GAP + GAP;
    const fits = beside + width + GAP <= right;
    card.style.left = `${Math.max(left + GAP, Math.min(fits ? beside : left + x - width - GAP, right - width - GAP))}px`;
    card.style.top = `${Math.max(top + GAP, Math.min(top + y - 2 * GAP, bottom - height - GAP))}px`;
  }
  let frame = 0;
  effect(() => {
    if (!opened.value) return;
    void [editor.viewport.view.value, editor.viewport.size.value, threads.shown.value];
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      place(); // once it is as large as it will be
    });
  });
}
