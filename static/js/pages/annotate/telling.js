/** What this person has in hand and where they point, for others to see. */

import { effect } from "../../core/signals.js";

/**
 * @param {import("../../editor/actions/action.js").App} app
 * @param {HTMLElement} room  the stage
 * @param {import("../../editor/tools/tool.js").Pointing} pointing
 */
export function tellOfWork({ doc, editor, tools }, room, pointing) {
  const { presence, objects } = doc;
  effect(() => {
    presence.tool.value = tools.active.value.id;
  });
  effect(() => {
    const ids = [objects.replaced.value, pointing.painting.value?.object ?? null];
    if (pointing.path.value?.rings.length) ids.push(objects.selectedId.value);
    const now = new Set(ids.filter((id) => id !== null));
    const before = presence.editing.peek();
    if (now.size !== before.size || [...now].some((id) => !before.has(id))) presence.editing.value = now;
  });
  room.addEventListener("pointermove", ({ clientX, clientY }) => {
    presence.point(() => {
      const { left, top } = room.getBoundingClientRect();
      return editor.viewport.toImage({ x: clientX - left, y: clientY - top });
    });
  });
  room.addEventListener("pointerleave", () => presence.point(() => null));
}
