/** Comments pinned on the image: their tip is on the spot, and they let through what a tool is doing. */

import { computed, effect } from "../../../core/signals.js";
import { counted, t } from "../../../core/text.js";
import { viewOptions } from "../../../editor/view-options.js";
import { fill, h, keepRows, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { dress, initialsOf } from "../../shared/people.js";

/** @typedef {import("./comments.js").Board} Board */
/** @typedef {import("./comments.js").ShownThread} ShownThread */

/** @param {HTMLElement} element @param {{x: number, y: number}} at  CSS pixels of the stage */
function put(element, { x, y }) {
  element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
}

/** @param {ShownThread} thread @param {string} name  of who began it */
function titleOf({ n, comments, resolved_at: resolved }, name) {
  const by = name ? t("Comment {n} by {name}", { n, name }) : t("Comment {n}", { n });
  const replies = comments.length > 1 && counted(comments.length - 1, "{count} reply", "{count} replies");
  return [by, replies, resolved && t("Resolved")].filter(Boolean).join(", ");
}

/** @param {import("../../../editor/actions/action.js").App} app @param {Board} board @param {HTMLElement} room */
export function createPins({ doc, editor }, board, room) {
  const { viewport } = editor;
  const layer = h("div", { class: "pins" });
  const begun = h("div", { class: "pin", "aria-hidden": "true" }, icon("comment"));
  room.append(layer);
  const rows = /** @type {Map<string, ReturnType<typeof pin>>} */ (new Map());

  /** @param {ShownThread} first */
  function pin(first) {
    const button = h("button", { type: "button", class: "pin", tabindex: "-1", onclick: () => open(first.id) });
    let spot = { x: 0, y: 0 };
    const place = () => put(button, viewport.toScreen(spot));
    return {
      element: button,
      place,
      /** @param {ShownThread} thread */
      update(thread) {
        const [{ created_by: by, waiting }] = thread.comments;
        const name = board.nameOf(by);
        spot = { x: thread.x ?? 0, y: thread.y ?? 0 };
        place();
        if (by) dress(button, { account: by });
        fill(button, name ? initialsOf(name) : String(thread.n));
        const title = titleOf(thread, name);
        const current = board.opened.peek()?.thread === thread.id;
        set(button, { title, "aria-label": title, "data-resolved": !!thread.resolved_at, "data-waiting": !!waiting, "data-current": current });
      },
    };
  }

  /** @param {string} id */
  function open(id) {
    const thread = board.threads.shown.peek().find((each) => each.id === id);
    if (thread) board.show(thread);
  }

  effect(() => {
    const { thread, at } = board.opened.value ?? {};
    const pinned = board.visible.value.filter((each) => each.x !== null && (viewOptions.comments.value || each.id === thread));
    keepRows(layer, pinned, ({ id }) => id, pin, rows);
    if (at) {
      put(begun, viewport.toScreen(at));
      room.append(begun);
    } else begun.remove();
  });
  effect(() => {
    void [viewport.view.value, viewport.size.value, viewport.picture.value];
    for (const { place } of rows.values()) place();
    const at = board.opened.peek()?.at;
    if (at) put(begun, viewport.toScreen(at));
  });

  // Presses go through to the tool while it has something half done, and for as long as a button is down.
  const busy = computed(() => doc.drafts.value !== null || !doc.prompting.empty.value);
  effect(() => set(layer, { "data-busy": busy.value }));
  const down = (/** @type {PointerEvent} */ { target }) => set(layer, { "data-stroke": !layer.contains(/** @type {Node} */ (target)) });
  room.addEventListener("pointerdown", down, true);
  for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => set(layer, { "data-stroke": false }), true);
  for (const kind of ["pointerdown", "dblclick", "contextmenu"]) layer.addEventListener(kind, (event) => event.stopPropagation());
}
