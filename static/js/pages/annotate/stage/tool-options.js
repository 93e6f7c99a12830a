/** The bar of the active tool's options: one line at the top of the stage, above the rail on a phone. */

import { effect } from "../../../core/signals.js";
import { run } from "../../../editor/actions/action.js";
import { action } from "../../../editor/actions/index.js";
import { h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { showKeys } from "../commands/keys-shown.js";

/** @typedef {import("../../../editor/actions/action.js").App} App */
/** @typedef {import("../../../editor/tools/tool.js").ToolOption} ToolOption */
/**
 * @template {ToolOption['kind']} K
 * @typedef {Extract<ToolOption, {kind: K}>} Of
 */

const LOG_STEPS = 200; // of a slider whose small values need finer steps than its large ones

/**
 * Where a value lies on the slider and back: the slider's own numbers are those of its knob.
 * @param {Of<'slider'>} option
 */
function scaleOf({ min, max, step, log }) {
  const rounded = (/** @type {number} */ value) =>
    Math.min(max, Math.max(min, Math.round((value - min) / step) * step + min));
  if (!log) return { min, max, step, toKnob: (/** @type {number} */ value) => value, fromKnob: rounded };
  const range = Math.log(max / min);
  return {
    min: 0,
    max: LOG_STEPS,
    step: 1,
    toKnob: (/** @type {number} */ value) => (LOG_STEPS * Math.log(Math.max(min, value) / min)) / range,
    fromKnob: (/** @type {number} */ knob) => rounded(min * Math.exp((range * knob) / LOG_STEPS)),
  };
}

/** @param {Of<'slider'>} option @param {HTMLElement} room */
export function slider(option, room) {
  const { id, label, value, format } = option;
  const { min, max, step, toKnob, fromKnob } = scaleOf(option);
  const knob = h("input", { type: "range", id: `option-${id}`, min, max, step, title: option.title ?? null });
  const shown = h("output", { for: knob.id });
  knob.addEventListener("input", () => (value.value = fromKnob(knob.valueAsNumber)));
  knob.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key];
    if (!steps || !option.log) return;
    event.preventDefault(); // several knob places may be one value: a key always changes it
    const moved = fromKnob(knob.valueAsNumber + steps);
    value.value = moved === value.peek() ? fromKnob(toKnob(moved + steps * option.step)) : moved;
  });
  if (option.settled) knob.addEventListener("change", option.settled);
  // Moved with the pointer it gives the keys back to the picture.
  knob.addEventListener("pointerup", () => room.focus({ preventScroll: true }));
  effect(() => {
    const text = format ? format(value.value) : String(value.value);
    knob.valueAsNumber = toKnob(value.value);
    shown.textContent = text;
    set(knob, { "aria-valuetext": text });
  });
  const { idle } = option;
  if (idle) effect(() => set(knob, { disabled: idle.value }));
  return h("div", { class: "option-slider" }, h("label", { for: knob.id }, label), knob, shown);
}

/** @param {Of<'choice'>} option */
export function choice({ label, value, choices }) {
  const buttons = choices.map((each) => {
    const button = h(
      "button",
      { type: "button", role: "radio", title: each.title ?? null, "aria-label": each.label },
      each.icon ? icon(each.icon) : null,
      h("span", {}, each.label),
    );
    button.addEventListener("click", () => (value.value = each.value));
    effect(() => {
      const on = value.value === each.value;
      set(button, { "aria-checked": String(on), tabindex: on ? "0" : "-1" });
    });
    return button;
  });
  const group = h("div", { class: "option-choice", role: "radiogroup", "aria-label": label }, ...buttons);
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = choices.findIndex((each) => each.value === value.peek());
    const next = (at + step + choices.length) % choices.length;
    value.value = choices[next].value;
    buttons[next].focus();
  });
  return group;
}

/** @param {Of<'button'>} option @param {App} app */
function button({ action: id, icon: iconName }, app) {
  const { title, enabled } = action(id);
  const element = h(
    "button",
    { type: "button", class: "button quiet", "aria-label": title, onclick: () => run(action(id), app) },
    iconName ? icon(iconName) : null,
    h("span", {}, title),
  );
  showKeys(element, id, (hint) => title + hint);
  effect(() => set(element, { disabled: !enabled(app) }));
  return element;
}

/** @param {Of<'note'>} option */
function note({ text, forMouse }) {
  const element = h("p", { class: "option-note", "data-for-mouse": forMouse ?? false });
  effect(() => {
    element.textContent = text.value;
    set(element, { title: text.value }); // the end may be cut off
  });
  return element;
}

/** @param {ToolOption} option @param {App} app @param {HTMLElement} room */
function elementOf(option, app, room) {
  if (option.kind === "slider") return slider(option, room);
  if (option.kind === "choice") return choice(option);
  if (option.kind === "button") return button(option, app);
  return note(option);
}

/**
 * @param {HTMLElement} room the stage, beside which the bar is put
 * @param {App} app
 * @returns {{area: () => import("./placing.js").Rect|null}} what of the stage the bar covers; read in an effect it follows the tool
 */
export function createToolOptions(room, app) {
  /** @type {Map<import("../../../editor/tools/tool.js").Tool, HTMLElement>} */
  const bars = new Map();
  for (const tool of app.tools.list) {
    if (!tool.options?.length) continue;
    const elements = tool.options.map((option) => elementOf(option, app, room));
    const bar = h("div", { class: "tool-options", role: "toolbar", "aria-label": tool.title }, ...elements);
    effect(() => set(bar, { hidden: app.tools.active.value !== tool }));
    room.after(bar);
    bars.set(tool, bar);
  }
  return {
    area() {
      const bar = bars.get(app.tools.active.value);
      if (!bar) return null;
      return { x: bar.offsetLeft, y: bar.offsetTop, width: bar.offsetWidth, height: bar.offsetHeight };
    },
  };
}
