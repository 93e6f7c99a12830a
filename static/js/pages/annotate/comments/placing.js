/** Where a comment belongs, told by a press on the image. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { h } from "../../shared/dom.js";

/** @param {import("../../../editor/actions/action.js").App} app @param {import("./comments.js").Board} board @param {HTMLElement} room */
export function createPlacing({ editor, commentWish }, board, room) {
  const { viewport } = editor;
  const whole = h("button", { type: "button", class: "button", onclick: () => (commentWish.value = { begin: null }) }, t("Whole image"));
  const cancel = h("button", { type: "button", class: "button quiet", onclick: () => (board.placing.value = false) }, t("Cancel"));
  const bar = h("div", { class: "comment-placing-bar" }, h("span", {}, t("Press the spot to comment on")), whole, cancel);
  const sheet = h("div", { class: "comment-placing" }, bar);
  bar.addEventListener("pointerdown", (event) => event.stopPropagation());
  sheet.addEventListener("pointerdown", (event) => event.stopPropagation());
  sheet.addEventListener("click", (event) => {
    if (event.target !== sheet) return;
    const { left, top } = room.getBoundingClientRect();
    commentWish.value = { begin: viewport.clip(viewport.toImage({ x: event.clientX - left, y: event.clientY - top })) };
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !board.placing.peek()) return;
      event.preventDefault();
      event.stopPropagation();
      board.placing.value = false;
    },
    true,
  );
  effect(() => {
    if (board.placing.value) room.append(sheet);
    else sheet.remove();
  });
}
