/** The list of objects with the keyboard: arrows move, Space selects, and keys for objects mean the row one is at. */

import { ACTIONS, action } from "../../../editor/actions/index.js";
import { keysOf } from "../../../editor/actions/keymap.js";
import { keyNames } from "../../../editor/actions/key-events.js";

/**
 * @param {HTMLElement} grid of `.object-row`s
 * @param {object} room
 * @param {import("../../../editor/actions/action.js").App} room.app
 * @param {(id: string, more?: boolean) => void} room.pick
 * @param {(id: string) => void} room.pickTo  selects all between
 * @param {(id: string) => void} room.edit  its label
 * @param {import("../../../core/signals.js").Signal<string|null>} room.currentId
 */
export function moveInRows(grid, { app, pick, pickTo, edit, currentId }) {
  const { objects } = app.doc;
  /** What is done to the selected objects. */
  const groups = new Set([action("delete-object").group, action("merge-objects").group, action("label-1").group]);
  const elsewhere = new Set(["next-object", "previous-object", "select-all", "hide-all", "lock-others"]);
  const forSelected = ACTIONS.filter(({ id, group }) => groups.has(group) && !elsewhere.has(id));

  /** @param {HTMLElement} row @param {number} step @returns {HTMLElement} */
  function neighbour(row, step) {
    const all = /** @type {HTMLElement[]} */ ([...grid.children]).filter(({ hidden }) => !hidden);
    return all[Math.min(all.length - 1, Math.max(0, all.indexOf(row) + step))];
  }

  /** Its buttons, one after the other, then the row itself. @param {HTMLElement} row @param {number} step */
  function along(row, step) {
    const stops = /** @type {HTMLElement[]} */ ([row, ...row.querySelectorAll("button:not(:disabled, [hidden])")]);
    const at = stops.findIndex((stop) => stop === document.activeElement);
    stops[Math.min(stops.length - 1, Math.max(0, at + step))].focus();
  }

  grid.addEventListener("focusin", (event) => {
    const row = /** @type {HTMLElement} */ (event.target).closest(".object-row");
    if (row instanceof HTMLElement) currentId.value = row.dataset.id ?? null;
  });

  grid.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const row = /** @type {HTMLElement|null} */ (target.closest(".object-row"));
    const id = row?.dataset.id;
    if (!row || !id || target.matches("input")) return;
    const vertical = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    const sideways = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const several = event.shiftKey || event.ctrlKey || event.metaKey;
    if (vertical !== undefined) {
      const next = neighbour(row, vertical);
      if (event.shiftKey) {
        if (!objects.selectedIds.peek().has(id)) pick(id, true);
        pickTo(next.dataset.id ?? id);
      }
      next.focus();
    } else if (sideways && !event.altKey) along(row, sideways);
    else if (target === row && event.key === " ") {
      const only = objects.selectedIds.peek().size === 1 && objects.selectedIds.peek().has(id);
      if (several) pick(id, true);
      else if (only) objects.select(null);
      else pick(id);
    } else if (target === row && event.key === "Enter" && !objects.selectedIds.peek().has(id)) pick(id);
    else if (target === row && event.key === "F2") {
      if (!objects.selectedIds.peek().has(id)) pick(id);
      edit(id);
    } else {
      // The row one is at is meant; then the key goes its usual way.
      const names = keyNames(event);
      const meant = forSelected.some((each) => keysOf(each.id).some((key) => names.includes(key)));
      if (meant && target === row && !objects.selectedIds.peek().has(id)) pick(id);
      return;
    }
    event.preventDefault();
  });
}
