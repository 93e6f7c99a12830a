/** The images before and after the opened one, as a strip below the picture: one stop for Tab, the arrow keys move in it. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { under } from "../../../net/base.js";
import { viewOptions } from "../../../editor/view-options.js";
import { h, keepRows, set } from "../../shared/dom.js";
import { STATE_TITLES, stateIcon } from "../../shared/image-states.js";

/** @typedef {import("../../../core/types.js").ImageInfo} ImageInfo */

const CALM = matchMedia("(prefers-reduced-motion: reduce)");

/** @param {import("../../../editor/actions/action.js").App} app */
export function createFilmstrip({ doc, queue }) {
  const list = h("ol", { class: "filmstrip-images" });
  const element = h("nav", { class: "filmstrip", "aria-label": t("Filmstrip") }, list);
  const rows = new Map();

  /** @param {ImageInfo} first */
  function row({ thumbnail_url }) {
    const picture = h("img", { crossorigin: "anonymous", src: under(thumbnail_url), alt: "", loading: "lazy", decoding: "async", draggable: "false" });
    const badge = h("span", { class: "filmstrip-state" });
    const button = h("button", { type: "button" }, picture, badge);
    /** @type {ImageInfo|null} */
    let shown = null;
    button.addEventListener("click", () => queue.go(shown));
    return {
      element: h("li", {}, button),
      /** @param {ImageInfo} next */
      update(next) {
        const state = next.state ?? "new";
        if (shown?.state !== next.state || !badge.firstChild) badge.replaceChildren(stateIcon(state));
        shown = next;
        const present = next.id === doc.image.peek()?.id;
        const name = `${next.name}, ${STATE_TITLES[state]}`;
        set(button, {
          title: name,
          "aria-label": name,
          "data-state": state,
          "aria-current": present ? "true" : null,
          tabindex: present ? "0" : "-1",
        });
      },
    };
  }

  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    const at = /** @type {Element} */ (event.target).closest("li");
    const next = step > 0 ? at?.nextElementSibling : at?.previousElementSibling;
    next?.querySelector("button")?.focus();
  });

  effect(() => {
    const standing = queue.standing.value;
    const count = standing ? standing.images.length : queue.project.image_count; // its room is there from the start
    const shown = viewOptions.filmstrip.value && count > 1;
    element.hidden = !shown;
    if (!shown || !standing) return;
    keepRows(list, standing.images, ({ id }) => id, row, rows);
    const present = /** @type {HTMLElement|undefined} */ (list.children[standing.at]);
    if (!present) return;
    const left = present.offsetLeft - (list.clientWidth - present.offsetWidth) / 2;
    list.scrollTo({ left, behavior: CALM.matches ? "instant" : "smooth" });
  });
  return element;
}
