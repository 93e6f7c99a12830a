/** The objects, the uppermost or the least certain first: found, selected, named, hidden, locked, deleted, with the mouse or the keyboard alone. */

import { computed, effect, signal } from "../../../core/signals.js";
import { counted, t } from "../../../core/text.js";
import { missingOf } from "../../../document/objects/attributes.js";
import { run } from "../../../editor/actions/action.js";
import { action } from "../../../editor/actions/index.js";
import { keysOf } from "../../../editor/actions/keymap.js";
import { keyText } from "../../../editor/actions/key-events.js";
import { h, keepRows, liveText, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { menuOf } from "../../shared/popups/menu.js";
import { createAttributesForm } from "./attributes-form.js";
import { createAuthors } from "./authors.js";
import { objectRow } from "./object-row.js";
import { createThumbnails } from "./object-thumbnails.js";
import { moveInRows } from "./objects-keys.js";
import { createSelectionBar } from "../stage/selection-bar.js";

/** @typedef {import("../../../core/types.js").Annotation} Annotation */

const OF_ALL = /** @type {const} */ (["select-all", "solo-object", "hide-all", "lock-others", "rename-object"]);
const FILTER_FROM = 6; // objects; fewer are seen at once

/**
 * Whether an object has all the words typed in its label or its attributes, or is the one of this number.
 * @param {Annotation} annotation @param {number} number @param {string} typed
 */
function fits({ label, attributes }, number, typed) {
  const text = `${label} ${Object.entries(attributes).flat().join(" ")}`.toLowerCase();
  return typed.split(/\s+/).every((word) => text.includes(word) || word === String(number));
}

/**
 * @param {import("../../../editor/actions/action.js").App} app
 * @param {object} parts
 * @param {import("../../../editor/tools/tool.js").Pointing} parts.pointing
 * @param {import("../../../editor/render/stage.js").Stage} parts.stage
 * @param {import("../../shared/project-people.js").People} parts.people
 */
export function createObjectsPanel(app, { pointing, stage, people }) {
  const { doc } = app;
  const { objects, labels } = doc;
  const typed = signal("");
  /** Row that Tab comes to, and where the arrow keys are. */
  const currentId = signal(/** @type {string|null} */ (null));
  const width = computed(() => doc.image.value?.width ?? 1);
  const height = computed(() => doc.image.value?.height ?? 1);
  /** The same object for the same picture: rows see that nothing changed. */
  const size = computed(() => ({ width: width.value, height: height.value }));
  const { byCertainty, listed: list } = objects.order;
  /** The place of each in the stack, by id: the lowest is 1. */
  const numbers = computed(() => new Map(objects.all.value.map(({ id }, i) => [id, i + 1])));
  const numberOf = (/** @type {Annotation} */ { id }) => numbers.value.get(id) ?? 0;
  const shown = computed(() => {
    const words = typed.value.trim().toLowerCase();
    return words ? list.value.filter((annotation) => fits(annotation, numberOf(annotation), words)) : list.value;
  });

  const grid = h("div", { class: "rows", role: "grid", "aria-label": t("Objects"), "aria-multiselectable": "true" });
  const enter = h("kbd", {});
  effect(() => {
    enter.textContent = keyText(keysOf("accept")[0] ?? "");
  });
  const empty = h(
    "p",
    { class: "empty" },
    t("Click an object in the image, then press"),
    " ",
    enter,
    " ",
    t("to add it here."),
  );
  const none = h("p", { class: "empty", role: "status" }, t("No matching objects"));
  const count = liveText(() => {
    const [some, all] = [shown.value.length, doc.objects.all.value.length];
    return some < all ? t("{count} of {total}", { count: some, total: all }) : all ? String(all) : "";
  }, "count");
  const filter = h("input", {
    type: "search",
    class: "field filter",
    placeholder: t("Filter"),
    "aria-label": t("Filter objects by label or attribute"),
    oninput: () => (typed.value = filter.value),
  });
  const more = h(
    "button",
    { type: "button", class: "icon-button small", "aria-label": t("All objects"), title: t("All objects") },
    icon("more"),
  );
  const menu = menuOf(
    more,
    OF_ALL.map((id) => ({ title: action(id).title, perform: () => action(id).enabled(app) && run(action(id), app) })),
  );
  const least = t("Least certain first");
  const sort = h("button", { type: "button", class: "icon-button small", "aria-label": least, title: least, onclick: () => (byCertainty.value = !byCertainty.peek()) }, icon("sort"));
  /** @type {Map<string, ReturnType<typeof objectRow>>} */
  const rows = new Map();
  const room = {
    hovered: (/** @type {string|null} */ id) => void (pointing.hoveredObject.value = id),
    labels: () => labels.all.peek().map(({ name }) => name),
    thumbnailOf: createThumbnails(grid, stage.picture),
    fillIn: (/** @type {string} */ id) => {
      pick(id);
      app.panelWish.value = "attributes";
    },
  };

  /** @param {string} id @param {boolean} [more] several */
  function pick(id, more = false) {
    currentId.value = id;
    if (more) objects.selectMore(id);
    else objects.select(id);
  }

  /** From the one picked last to this. @param {string} id */
  function pickTo(id) {
    const ids = shown.peek().map((annotation) => annotation.id);
    const [from, to] = [ids.indexOf(objects.selectedId.peek() ?? id), ids.indexOf(id)];
    const between = ids.slice(Math.min(from, to), Math.max(from, to) + 1);
    const last = objects.selectedId.peek() ?? id;
    objects.selectedIds.value = new Set([...objects.selectedIds.peek(), ...between.filter((each) => each !== last), last]);
    currentId.value = id;
  }

  grid.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const id = /** @type {HTMLElement|null} */ (target.closest(".object-row"))?.dataset.id;
    if (!id || target.closest("button, input")) return;
    if (event.shiftKey) pickTo(id);
    else pick(id, event.ctrlKey || event.metaKey);
  });
  moveInRows(grid, { app, pick, pickTo, edit: (id) => rows.get(id)?.edit(), currentId });

  effect(() => {
    const [hidden, locked, concealed] = [objects.hidden.value, objects.locked.value, objects.concealed.value];
    const [selected, unsaved] = [objects.selectedIds.value, objects.unsaved.value];
    const latest = selected.size ? null : objects.latest.value;
    const known = new Map(labels.all.value.map((label) => [label.name, label]));
    const people = doc.presence.onObjects.value;
    const { installed } = doc.segmenters.value;
    const makers = new Map(installed.length > 1 ? installed.map(({ id, title }) => [id, title]) : []);
    const ids = new Set(shown.value.map(({ id }) => id));
    const current = [currentId.value, objects.selectedId.value].find((id) => id && ids.has(id)) ?? shown.value[0]?.id;
    const shownOf = (/** @type {Annotation} */ annotation) => ({
      annotation,
      number: numberOf(annotation),
      size: size.value,
      hidden: hidden.has(annotation.id),
      faint: concealed.has(annotation.id),
      locked: locked.has(annotation.id),
      selected: selected.has(annotation.id),
      latest: annotation.id === latest,
      saving: unsaved.get(annotation.id),
      people: people.get(annotation.id),
      missing: missingOf(annotation, known.get(annotation.label)),
      maker: (annotation.segmenter && (makers.get(annotation.segmenter) ?? (makers.size ? annotation.segmenter : ""))) || "",
      current: annotation.id === current,
    });
    const items = list.value.map((annotation) => ({ now: shownOf(annotation), out: !ids.has(annotation.id) }));
    const focused = [...rows.values()].find(({ element }) => element.contains(document.activeElement))?.element;
    const at = focused ? [...grid.children].indexOf(focused) : -1;
    keepRows(grid, items, ({ now }) => now.annotation.id, ({ now }) => objectRow(app, now.annotation, room), rows);
    if (focused && !focused.isConnected) {
      const all = /** @type {HTMLElement[]} */ ([...grid.children]);
      const seen = (/** @type {HTMLElement} */ row) => !row.hidden;
      (all.slice(at).find(seen) ?? all.slice(0, at).findLast(seen))?.focus();
    }
    empty.hidden = doc.objects.all.value.length > 0;
    none.hidden = ids.size > 0 || !typed.value;
    filter.hidden = doc.objects.all.value.length < FILTER_FROM && !typed.value;
    menu.hidden = !doc.objects.all.value.length;
    set(sort, { hidden: doc.objects.all.value.length < 2 && !byCertainty.value, "aria-pressed": String(byCertainty.value) });
  });
  const opened = computed(() => doc.image.value?.id);
  effect(() => {
    void opened.value;
    typed.value = filter.value = "";
  });
  effect(() => {
    const id = objects.selectedId.value ?? objects.latest.value;
    // With the frame's own layout: asked for now, it would be made twice.
    if (id) requestAnimationFrame(() => rows.get(id)?.element.scrollIntoView({ block: "nearest" }));
  });
  effect(() => {
    if (app.panelWish.value !== "label") return;
    app.panelWish.value = null;
    const id = objects.selectedId.peek();
    queueMicrotask(() => id && rows.get(id)?.edit());
  });
  effect(() => {
    const several = objects.selectedIds.value.size;
    const keys = t("Arrow keys move, Space selects.");
    const chosen = several > 1 ? counted(several, "{count} selected", "{count} selected") : "";
    set(grid, { "aria-description": [keys, chosen].filter(Boolean).join(" ") });
  });
  const head = h("div", { class: "panel-head" }, h("h2", {}, t("Objects"), count), filter, sort, menu);
  return h("section", { class: "panel objects" }, head, grid, empty, none, createAuthors(app, people), createAttributesForm(app), createSelectionBar(app));
}
