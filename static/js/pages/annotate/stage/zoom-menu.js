/** How large the picture is shown, in percent; pressed, it opens what else it could be. 100 % is one image pixel for one of the screen. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { run } from "../../../editor/actions/action.js";
import { action } from "../../../editor/actions/index.js";
import { keyHint } from "../../../editor/actions/keys.js";
import { h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/** @typedef {import("../../../editor/actions/action.js").App} App */

const STEPS = Object.freeze([50, 200, 400]);
const MARGIN = 8; // CSS pixels from the button and from the window's edges

/** @param {number} percent */
const shown = (percent) => (percent < 10 ? percent.toFixed(1) : String(Math.round(percent)));

/** What somebody typed, as "150" or "33,3 %". @param {string} text @returns {number|null} percent */
export function percentOf(text) {
  const value = Number(text.replace("%", "").replace(",", ".").trim() || Number.NaN);
  return value > 0 && Number.isFinite(value) ? value : null;
}

/** @param {App} app @returns {HTMLElement[]} the button and what it opens */
export function createZoomMenu(app) {
  const { viewport } = app.editor;
  const number = h("span", { class: "zoom-number" });
  const button = h("button", { type: "button", class: "zoom-level", popovertarget: "zoom-menu" }, number);
  const field = h("input", { type: "text", class: "field", inputmode: "decimal", "aria-label": t("Zoom in percent") });
  const form = h("form", { class: "zoom-form", onsubmit: take }, h("span", {}, t("Zoom")), field, h("span", {}, "%"));

  /** Of the screen's pixels. */
  const percent = () => 100 * viewport.view.value.scale * viewport.size.value.dpr;

  /** @param {number} wanted */
  function zoomTo(wanted) {
    viewport.zoom(wanted / percent());
    menu.hidePopover();
  }

  /** @param {SubmitEvent} event */
  function take(event) {
    event.preventDefault();
    const wanted = percentOf(field.value);
    if (wanted) zoomTo(wanted);
    else field.select();
  }

  /** @param {string} id @param {Node} mark @param {string} [short]  what it is called here */
  function item(id, mark, short) {
    const { title } = action(id);
    const keys = h("kbd", {});
    effect(() => {
      keys.textContent = keyHint({ id }).replace(/^ \(|\)$/g, "");
    });
    const choose = () => {
      run(action(id), app);
      menu.hidePopover();
    };
    const name = h("span", { class: "zoom-name" }, short ?? title);
    return h("button", { type: "button", class: "menu-item", title, onclick: choose }, mark, name, keys);
  }

  const steps = STEPS.map((step) =>
    h("button", { type: "button", class: "button quiet", onclick: () => zoomTo(step) }, `${step}%`),
  );
  const menu = h(
    "div",
    { id: "zoom-menu", class: "popover zoom-menu", popover: "auto", role: "dialog", "aria-label": t("Zoom") },
    form,
    item("zoom-fit", icon("fit")),
    item("zoom-100", h("span", { class: "zoom-mark", "aria-hidden": "true" }, "1:1"), "100%"),
    h("div", { class: "zoom-steps", role: "group", "aria-label": t("Zoom") }, ...steps),
  );

  menu.addEventListener("toggle", () => {
    if (!menu.matches(":popover-open")) return;
    const { right, bottom } = button.getBoundingClientRect();
    const lowest = innerHeight - MARGIN - menu.offsetHeight;
    menu.style.setProperty("--x", `${right + MARGIN}px`);
    menu.style.setProperty("--y", `${Math.max(MARGIN, Math.min(lowest, bottom - menu.offsetHeight))}px`);
    field.value = shown(percent());
    field.focus();
    field.select();
  });
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const stops = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("input, button")]);
    const at = stops.findIndex((stop) => stop === document.activeElement);
    stops[(at + step + stops.length) % stops.length].focus();
  });
  effect(() => {
    const text = `${shown(percent())}%`;
    number.textContent = text;
    const name = t("Zoom {percent}", { percent: text });
    set(button, { "aria-label": name, title: name });
  });
  return [button, menu];
}
