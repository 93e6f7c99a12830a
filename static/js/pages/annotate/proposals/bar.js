/** The bar of the proposals: how many there are, a run's progress, all at once, and the filters. */

import { counted, t } from "../../../core/text.js";
import { h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/** @typedef {import("../../../editor/tools/tool.js").ToolOption} ToolOption */

const LEAST_SIZE = 0.00001;
const MOST_SIZE = 0.25;

/** @param {number} share @returns {string} */
const percent = (share) => `${share >= 0.01 ? (100 * share).toFixed(0) : Number((100 * share).toPrecision(2))} %`;
/** @param {number} value */
const hundredths = (value) => value.toFixed(2);

/**
 * @param {HTMLElement} room  the stage, beside which the bar is put
 * @param {import("./model.js").Model} model
 * @param {object} parts
 * @param {{value: boolean}} parts.visible  a signal
 * @param {import("../../../core/signals.js").Signal<boolean>} parts.shading
 * @param {() => void} parts.run  begins one
 * @param {Pick<import("./loading.js").Parts, "reactive"|"slider">} page
 */
export function createBar(room, model, { visible, shading, run }, { reactive: { computed, effect, signal }, slider }) {
  const open = signal(false);
  const { running, shown, filters, ahead } = model;

  /** @param {string} title @param {string} name  of an icon @param {() => void} perform @param {string} [key] */
  function button(title, name, perform, key) {
    const hint = key ? `${title} (${key})` : title;
    return h("button", { type: "button", class: "button quiet", title: hint, "aria-label": title, onclick: perform }, icon(name), h("span", {}, title));
  }

  const note = h("p", { class: "option-note proposals-note", role: "status" });
  const meter = h("progress", { max: 1, "aria-label": t("Looking for masks") });
  const stop = button(t("Stop"), "close", () => void model.stop(), "Esc");
  const again = button(t("Find masks"), "sync", run);
  const keep = button(t("Keep all"), "check", () => model.take(shown.peek()), "Shift+Enter");
  const drop = button(t("Drop all"), "trash", () => model.drop(shown.peek()), "Shift+Del");
  const shade = button(t("Shade the rest"), "layers", () => (shading.value = !shading.peek()));
  const filter = button(t("Filters"), "settings", () => (open.value = !open.peek()));
  const bar = h("div", { class: "tool-options proposals-bar", role: "toolbar", "aria-label": t("Proposals") }, note, meter, stop, again, keep, drop, shade, filter);

  /** @type {(id: string, label: string, title: string, more: object) => HTMLElement} */
  const knob = (id, label, title, more) =>
    slider(/** @type {Extract<ToolOption, {kind: 'slider'}>} */ ({ kind: "slider", id: `propose-${id}`, label, title, ...more }), room);
  const sheet = h(
    "div",
    { class: "proposals-filters", role: "group", "aria-label": t("Filters") },
    knob("confidence", t("Confidence"), t("The least IoU that the decoder predicts"), { min: 0.7, max: 0.99, step: 0.01, value: filters.confidence, format: hundredths }),
    knob("stability", t("Stability"), t("The least stability score"), { min: 0.85, max: 0.99, step: 0.01, value: filters.stability, format: hundredths }),
    knob("size", t("Size"), t("The least share of the image"), { min: LEAST_SIZE, max: MOST_SIZE, step: LEAST_SIZE, log: true, value: filters.size, format: percent }),
    knob("overlap", t("Overlap"), t("Of masks whose boxes overlap more, only the best is shown"), { min: 0.3, max: 0.95, step: 0.05, value: filters.overlap, format: hundredths }),
  );
  room.after(bar, sheet);

  const words = computed(() => {
    if (running.value !== null && !shown.value.length) return t("Looking for masks…");
    if (!model.listed.value && running.value === null) return t("Loading…");
    if (model.failed.value && !shown.value.length) return t("Couldn't load proposals.");
    if (ahead.value) return counted(shown.value.length, "{count} draft", "{count} drafts");
    return counted(shown.value.length, "{count} mask", "{count} masks");
  });
  effect(() => {
    note.textContent = words.value;
  });
  effect(() => {
    const busy = running.value !== null;
    const none = !shown.value.length;
    set(bar, { hidden: !visible.value, "data-running": String(busy), "data-count": String(shown.value.length) });
    set(sheet, { hidden: !visible.value || !open.value });
    set(filter, { "aria-expanded": String(open.value) });
    set(shade, { "aria-pressed": String(shading.value) });
    meter.hidden = stop.hidden = !busy;
    meter.value = running.value ?? 0;
    again.hidden = busy;
    keep.disabled = drop.disabled = none;
  });
}
