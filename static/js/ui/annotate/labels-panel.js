/** The labels: pick one for the next mask, by its key too; add, rename, recolour, forget. */

import { computed, effect, signal } from "../../core/signals.js";
import { annotations } from "../../core/state.js";
import { t } from "../../core/text.js";
import { contested, decide, keysOf } from "../../actions/keymap.js";
import { keyText } from "../../actions/keys.js";
import { fill, h, keepRows, set } from "../dom.js";
import { icon } from "../icons.js";
import { meanings } from "./contested-keys.js";
import { editInPlace } from "./edit-in-place.js";

/** @typedef {import("../../scene/labels.js").Label} Label */
/** @typedef {import("../../actions/action.js").Action} Action */
/** @typedef {{label: Label, key: string, idle: readonly Action[], used: number, active: boolean, stop: boolean, only: boolean}} Shown  stop: Tab comes to it;
 *   idle: what its key means instead */

const FILTER_FROM = 13; // labels; fewer are seen at once

/** @param {import("../../actions/action.js").App} app @param {Label} first */
function labelRow({ session }, { name: id }) {
  const { labels } = session;
  const color = h("input", { type: "color", class: "swatch", tabindex: "-1", onchange: recolour });
  const name = h("button", { type: "button", class: "name", onclick: () => labels.select(id) });
  const count = h("span", { class: "count" });
  const cap = h("kbd", {});
  const key = h("button", { type: "button", class: "label-key", tabindex: "-1", onclick: () => decide([cap.textContent ?? ""], true) }, cap);
  const rename = h("button", { type: "button", class: "icon-button small", tabindex: "-1", onclick: edit }, icon("pencil"));
  const forget = h(
    "button",
    { type: "button", class: "icon-button small", tabindex: "-1", onclick: () => labels.forget(id) },
    icon("close"),
  );
  const element = h("li", { class: "row label-row" }, key, color, name, rename, h("span", { class: "label-end" }, count, forget));

  function recolour() {
    session.changeLabel(id, { color: color.value });
  }
  function edit() {
    editInPlace(name, id, t("Label"), (text) => session.changeLabel(id, { name: text }));
  }
  name.addEventListener("dblclick", edit);
  name.addEventListener("keydown", (event) => {
    if (event.key === "F2") edit();
  });

  return {
    element,
    /** @param {Shown} now */
    update({ label, ...now }) {
      const said = { label: id };
      name.textContent = id;
      color.value = label.color;
      count.textContent = now.used ? String(now.used) : "";
      cap.textContent = now.key;
      key.disabled = !now.idle.length;
      const instead = { key: now.key, label: id, action: meanings(now.idle) };
      const offer = now.idle.length ? t("{key} is the key of {action}. Click to use it for {label}.", instead) : "";
      set(key, { title: offer, "aria-label": offer || now.key, "aria-hidden": offer ? null : "true" });
      set(element, { "data-active": now.active });
      const title = label.description || t("{label}: use for the next mask", said);
      set(name, { "aria-pressed": String(now.active), title, tabindex: now.stop ? "0" : "-1" });
      set(name, { "aria-keyshortcuts": (!now.idle.length && now.key) || null, "aria-description": label.description || null });
      set(color, { "aria-label": t("Colour of {label}", said), title: t("Colour") });
      set(rename, { "aria-label": t("Rename {label}", said), title: t("Rename") });
      set(forget, { "aria-label": t("Remove {label}", said), title: t("Remove this label"), hidden: now.used > 0 || now.only });
    },
  };
}

/** Arrow keys go from label to label, and along one to its colour and buttons. @param {KeyboardEvent} event */
function move(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const list = /** @type {HTMLElement} */ (event.currentTarget);
  const row = target.closest(".label-row");
  if (!row || target.matches("input[type=text]")) return;
  const rows = [...list.children];
  const at = rows.indexOf(row);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const stops = /** @type {HTMLElement[]} */ ([...row.querySelectorAll(".name, input, button:not(.name)")]).filter(
    (stop) => !stop.hidden && !/** @type {HTMLButtonElement} */ (stop).disabled,
  );
  stops.sort((a, b) => Number(b.matches(".name")) - Number(a.matches(".name")));
  if (to !== undefined) /** @type {HTMLElement|null} */ (rows[to]?.querySelector(".name"))?.focus();
  else if (step) stops[Math.min(stops.length - 1, Math.max(0, stops.indexOf(target) + step))].focus();
  else return;
  event.preventDefault();
}

/** @param {import("../../actions/action.js").App} app */
export function createLabelsPanel(app) {
  const { labels } = app.session;
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
    const words = typed.value.trim().toLowerCase();
    return labels.all.value.filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(words));
  });
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
    for (const { label } of annotations.value) used.set(label, (used.get(label) ?? 0) + 1);
    const only = labels.all.value.length < 2;
    const active = labels.active.value.name;
    const stop = shown.value.find(({ name }) => name === active) ?? shown.value[0];
    const idle = new Map(contested.value.map(({ label, actions }) => [label, actions]));
    const items = shown.value.map((label) => ({
      label,
      idle: idle.get(label.name) ?? [],
      key: keys.value.get(label.name) ?? "",
      used: used.get(label.name) ?? 0,
      active: label.name === active,
      stop: label === stop,
      only,
    }));
    filter.hidden = labels.all.value.length < FILTER_FROM;
    keepRows(list, items, ({ label }) => label.name, ({ label }) => labelRow(app, label), rows);
  });
  effect(() => {
    const failure = labels.failure.value;
    failed.hidden = !failure;
    if (failure)
      fill(
        failed,
        t("The labels could not be saved or read."),
        " ",
        failure.message,
        " ",
        h("button", { type: "button", class: "button quiet", onclick: failure.retry }, t("Try again")),
      );
  });
  const head = h("div", { class: "panel-head" }, h("h2", {}, t("Labels")), filter);
  return h("section", { class: "panel labels" }, head, list, failed, form);
}
