/** The labels: pick one for the next mask, by its key too; add, rename, recolour, forget. */

import { computed, effect, signal } from "../../../core/signals.js";
import { online } from "../../../core/state.js";
import { t } from "../../../core/text.js";
import { contested, keysOf } from "../../../editor/actions/keymap.js";
import { keyText } from "../../../editor/actions/key-events.js";
import { groupOf, inGroups } from "../../../document/labels/label-groups.js";
import { fill, h, keepRows, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { labelRow } from "./label-row.js";

/** @typedef {import("./label-row.js").Shown} Shown */
/** @typedef {import("../../../document/labels/labels.js").Label} Label */
/** @typedef {{group: string, open: boolean, count: number, stop: boolean}} Heading */

const FILTER_FROM = 13; // labels; fewer are seen at once

/** A group's name, which opens and closes it. @param {string} group @param {() => void} toggle */
function heading(group, toggle) {
  const count = h("span", { class: "count" });
  const button = h(
    "button",
    { type: "button", class: "label-group-name", onclick: toggle },
    icon("next"),
    h("span", {}, group),
    count,
  );
  return {
    element: h("li", { class: "label-group" }, button),
    /** @param {Heading} now */
    update({ open, count: number, stop }) {
      count.textContent = String(number);
      set(button, { "aria-expanded": String(open), tabindex: stop ? "0" : "-1" });
    },
  };
}

/** Arrow keys go from label to label, and along one to its colour and buttons. @param {KeyboardEvent} event */
function move(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const list = /** @type {HTMLElement} */ (event.currentTarget);
  const row = target.closest(".label-row, .label-group");
  if (!row || target.matches("input[type=text]")) return;
  const rows = [...list.children];
  const at = rows.indexOf(row);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const stops = /** @type {HTMLElement[]} */ ([...row.querySelectorAll(".name, input, button:not(.name)")]).filter(
    (stop) => !stop.hidden && !/** @type {HTMLButtonElement} */ (stop).disabled,
  );
  stops.sort((a, b) => Number(b.matches(".name")) - Number(a.matches(".name")));
  if (to !== undefined) /** @type {HTMLElement|null} */ (rows[to]?.querySelector(".name, .label-group-name"))?.focus();
  else if (step) stops[Math.min(stops.length - 1, Math.max(0, stops.indexOf(target) + step))].focus();
  else return;
  event.preventDefault();
}

/** @param {import("../../../editor/actions/action.js").App} app */
export function createLabelsPanel(app) {
  const { labels } = app.doc;
  const typed = signal("");
  const list = h("ul", { class: "rows", "aria-label": t("Labels"), onkeydown: move });
  const input = h("input", {
    class: "field",
    type: "text",
    maxlength: 100,
    placeholder: t("New label"),
    "aria-label": t("New label"),
    enterkeyhint: "done",
  });
  const form = h("form", { class: "add-label", onsubmit: add }, icon("plus"), input);
  const filter = h("input", {
    type: "search",
    class: "field filter",
    placeholder: t("Filter"),
    "aria-label": t("Filter labels"),
    oninput: () => (typed.value = filter.value),
  });
  const failed = h("p", { class: "panel-problem", role: "alert" });
  const rows = new Map();

  /** @param {SubmitEvent} event */
  function add(event) {
    event.preventDefault();
    const name = input.value.trim();
    if (name) labels.add(name);
    input.value = "";
  }

  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    input.value = "";
    input.blur();
  });
  // Enter takes the first of those found.
  filter.addEventListener("keydown", (event) => {
    const first = event.key === "Enter" && shown.peek()[0];
    if (first) labels.select(first.name);
    if (first || event.key === "Escape") filter.value = typed.value = "";
  });

  const shown = computed(() => {
    const words = typed.value.trim().toLowerCase().split(/\s+/);
    return labels.all.value.filter((label) => {
      const text = `${groupOf(label)} ${label.name} ${label.description}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  });
  /** Groups that were closed; what is searched for is shown all the same. */
  const closed = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  /** @param {string} group */
  function toggle(group) {
    const next = new Set(closed.peek());
    if (!next.delete(group)) next.add(group);
    closed.value = next;
  }
  const keys = computed(() => {
    const byName = new Map();
    for (const [key, { name }] of labels.keyed.value) {
      const [shortest = ""] = /\d/.test(key) ? keysOf(`label-${key}`) : [key.toUpperCase()];
      byName.set(name, shortest && keyText(shortest));
    }
    return byName;
  });
  effect(() => {
    const used = new Map();
    for (const { label } of app.doc.objects.all.value) used.set(label, (used.get(label) ?? 0) + 1);
    const only = labels.all.value.length < 2;
    const active = labels.active.value.name;
    const groups = inGroups(shown.value).map(({ group, labels: some }) => {
      const open = !closed.value.has(group) || typed.value.trim() !== "";
      return { group, some, open };
    });
    const visible = groups.flatMap(({ some, open }) => (open ? some : []));
    const stop = visible.find(({ name }) => name === active) ?? visible[0];
    const idle = new Map(contested.value.map(({ label, actions }) => [label, actions]));
    const row = (/** @type {Label} */ label) => ({
      label,
      idle: idle.get(label.name) ?? [],
      key: keys.value.get(label.name) ?? "",
      used: used.get(label.name) ?? 0,
      active: label.name === active,
      stop: label === stop,
      only,
    });
    const items = groups.flatMap(({ group, some, open }, i) => {
      const head = { group, open, count: some.length, stop: !visible.length && i === 0 };
      return [...(group ? [head] : []), ...(open ? some.map(row) : [])];
    });
    filter.hidden = labels.all.value.length < FILTER_FROM;
    keepRows(
      list,
      /** @type {Array<Shown|Heading>} */ (items),
      (item) => ("label" in item ? `label ${item.label.name}` : `group ${item.group}`),
      (item) => /** @type {any} */ ("label" in item ? labelRow(app, item.label) : heading(item.group, () => toggle(item.group))),
      rows,
    );
  });
  const activeName = computed(() => labels.active.value.name);
  effect(() => {
    const name = activeName.value; // chosen by a key it may be out of sight
    const group = groupOf(labels.active.peek());
    if (closed.peek().has(group)) toggle(group);
    requestAnimationFrame(() => rows.get(`label ${name}`)?.element.scrollIntoView({ block: "nearest" }));
  });
  effect(() => {
    const failure = labels.failure.value;
    failed.hidden = !failure;
    if (!failure) return;
    const { state, message, retry } = failure;
    const kept = t("Label changes are kept in this page and sync when the server returns.");
    const text = { kept, refused: message, failed: `${t("Couldn't load the labels.")} ${message}` }[state];
    const action = state === "refused" ? t("Dismiss") : t("Try again");
    set(failed, { "data-state": state, role: state === "kept" ? "status" : "alert", title: state === "kept" ? message : "" });
    const button = h("button", { type: "button", class: "button quiet", onclick: retry }, action);
    fill(failed, text, " ", state === "kept" && !online.value ? null : button);
  });
  const head = h("div", { class: "panel-head" }, h("h2", {}, t("Labels")), filter);
  return h("section", { class: "panel labels" }, head, list, failed, form);
}
