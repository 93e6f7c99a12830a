/** How the picture and the masks are shown: one popover from the header; nothing in it changes a mask. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { run } from "../../../editor/actions/action.js";
import { action } from "../../../editor/actions/index.js";
import { keyHint } from "../../../editor/actions/keys.js";
import { CHANNELS, LIMITS, resetAdjustments, viewOptions } from "../../../editor/view-options.js";
import { h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { choice, slider } from "../stage/tool-options.js";
import { createValuesForm } from "./values-form.js";

/** @typedef {import("../../../editor/actions/action.js").App} App */

const percent = (/** @type {number} */ value) => `${Math.round(100 * value)}%`;

/** @param {'opacity'|'brightness'|'contrast'} name @param {string} label @param {HTMLElement} room */
function adjust(name, label, room) {
  const [min, max] = LIMITS[name];
  const value = viewOptions[name];
  return slider({ kind: "slider", id: `view-${name}`, label, min, max, step: 0.05, value, format: percent }, room);
}

function channels() {
  const names = { all: t("All"), red: t("R"), green: t("G"), blue: t("B"), grey: t("Grey") };
  const choices = CHANNELS.map((value) => ({ value, label: names[value] }));
  const value = /** @type {import("../../../core/signals.js").Signal<string>} */ (viewOptions.channel);
  const group = choice({ kind: "choice", id: "view-channel", label: t("Channel"), value, choices });
  return h("div", { class: "view-row" }, h("span", {}, t("Channel")), group);
}

/** @param {App} app @param {string} id of an action @param {() => boolean} on */
function toggle(app, id, on) {
  const { title } = action(id);
  const box = h("input", { type: "checkbox" });
  box.addEventListener("change", () => run(action(id), app));
  const key = h("kbd", {});
  effect(() => {
    box.checked = on();
  });
  effect(() => {
    key.textContent = keyHint({ id }).replace(/^ \(|\)$/g, "");
    key.hidden = !key.textContent;
  });
  return h("label", { class: "view-toggle", "data-option": id }, box, h("span", {}, title), key);
}

/**
 * @param {App} app @param {import("../../../net/api.js").Api} api @param {HTMLElement} room  the stage, which has the keys
 * @returns {HTMLElement[]} the button and its popover
 */
export function createViewPanel(app, api, room) {
  const { title } = action("rotate-view");
  const turn = h("button", { type: "button", class: "button", onclick: () => run(action("rotate-view"), app) }, icon("rotate"), title);
  const reset = h(
    "button",
    { type: "button", class: "button quiet", onclick: resetAdjustments },
    icon("undo"),
    t("Reset view"),
  );
  const popover = h(
    "div",
    { id: "view-panel", class: "popover view-panel", popover: "auto", role: "dialog", "aria-label": t("View") },
    h("h2", {}, icon("view"), t("View")),
    adjust("opacity", t("Masks"), room),
    adjust("brightness", t("Brightness"), room),
    adjust("contrast", t("Contrast"), room),
    channels(),
    createValuesForm(app, api),
    h("hr", {}),
    toggle(app, "outlines", () => viewOptions.outlines.value),
    toggle(app, "colors-per-object", () => viewOptions.colors.value === "object"),
    toggle(app, "crosshair", () => viewOptions.crosshair.value),
    toggle(app, "minimap", () => viewOptions.minimap.value),
    toggle(app, "inspector", () => viewOptions.inspector.value),
    toggle(app, "filmstrip", () => viewOptions.filmstrip.value),
    toggle(app, "cursors", () => viewOptions.cursors.value),
    toggle(app, "pinned-comments", () => viewOptions.comments.value),
    toggle(app, "previews", () => viewOptions.previews.value),
    h("div", { class: "view-buttons" }, turn, reset),
  );
  const button = h(
    "button",
    { type: "button", class: "icon-button view-button", popovertarget: "view-panel", title: t("View"), "aria-label": t("View") },
    icon("view"),
  );
  effect(() => {
    const { brightness, contrast, channel } = viewOptions;
    const changed = brightness.value !== 1 || contrast.value !== 1 || channel.value !== "all";
    set(button, { "data-changed": changed });
  });
  return [button, popover];
}
