/** The help: how to point, and every action with the keys in force; found by its words, its keys changed in place. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { ACTIONS } from "../../../editor/actions/index.js";
import { choosePreset, keysOf, ownKeys, ownPreset, projectPreset, reset } from "../../../editor/actions/keymap.js";
import { keyText } from "../../../editor/actions/key-events.js";
import { PRESETS } from "../../../editor/actions/presets.js";
import { fill, h } from "../../shared/dom.js";
import { keysRow, stopRecording } from "./keys-row.js";
import { keyCapsOf } from "./keys-shown.js";
import { createSheet } from "../sheet.js";

/** @typedef {import("../../../editor/actions/action.js").Action} Action */
/** @typedef {import("../../../editor/actions/presets.js").Preset} Preset */
/** @typedef {{elements: HTMLElement[], words: () => string}} Row */

const POINTING = Object.freeze([
  [t("Click, tap"), t("include that spot")],
  [t("Right-click, Alt-click, long press"), t("exclude that spot")],
  [t("Drag"), t("draw a box (by touch: use the Box tool)")],
  [t("Click on a point"), t("remove it")],
  [t("Wheel, two fingers"), t("zoom at the pointer")],
  [t("Space-drag, middle button, two fingers"), t("pan")],
]);

/** Actions alike in one row: all keys of a few, the first and the last of many. @param {readonly Action[]} alike @returns {Row} */
function familyRow(alike) {
  const caps = h("span", { class: "caps" });
  const plain = () => alike.flatMap(({ id }) => keysOf(id)).filter((key) => !key.includes("Shift+"));
  effect(() => {
    const keys = plain();
    const few = keys.length <= 4 ? keys.map(keyCapsOf) : [keyCapsOf(keys[0]), "–", keyCapsOf(keys[keys.length - 1])];
    fill(caps, ...few);
  });
  const name = alike[0].family ?? "";
  return { elements: [h("dt", {}, caps), h("dd", {}, name)], words: () => `${name} ${plain().join(" ")}` };
}

/** @param {string} group @returns {Row[]} */
function rowsOf(group) {
  const actions = ACTIONS.filter((action) => action.group === group);
  return actions.flatMap((action) => {
    const { id, title, family } = action;
    if (!family)
      return [{ elements: keysRow(action), words: () => `${title} ${keysOf(id).map(keyText).join(" ")}` }];
    const alike = actions.filter((other) => other.family === family);
    return alike[0] === action ? [familyRow(alike)] : [];
  });
}

/** Which keys: as the project says, or one of the presets. */
function presetChoice() {
  const select = h("select", { id: "key-preset", class: "select" });
  select.addEventListener("change", () => choosePreset(/** @type {Preset|""} */ (select.value) || null));
  effect(() => {
    const project = t("Project default ({preset})", { preset: PRESETS[projectPreset.value].title });
    fill(
      select,
      h("option", { value: "" }, project),
      ...Object.entries(PRESETS).map(([id, { title }]) => h("option", { value: id }, title)),
    );
    select.value = ownPreset.value ?? "";
  });
  const all = h("button", { type: "button", class: "button quiet", onclick: () => reset() }, t("Reset all shortcuts"));
  effect(() => {
    all.hidden = !Object.keys(ownKeys.value).length;
  });
  return h("div", { class: "key-preset" }, h("label", { for: select.id }, t("Shortcuts")), select, all);
}

/** @param {import("../../../core/signals.js").Signal<boolean>} open */
export function createHelp(open) {
  /** @type {Row[]} */
  const pointing = POINTING.map(([how, what]) => ({
    elements: [h("dt", {}, how), h("dd", {}, what)],
    words: () => `${how} ${what}`,
  }));
  const groups = [...new Set(ACTIONS.map(({ group }) => group))];
  const sections = [
    { title: t("Mouse and touch"), rows: pointing, wide: true },
    ...groups.map((title) => ({ title, rows: rowsOf(title), wide: false })),
  ].map(({ title, rows, wide }) => ({
    rows,
    title,
    element: h(
      "section",
      {},
      h("h3", {}, title),
      h("dl", { class: wide && "wide" }, ...rows.flatMap(({ elements }) => elements)),
    ),
  }));

  const search = h("input", {
    type: "search",
    class: "field help-search",
    placeholder: t("Search"),
    "aria-label": t("Search help"),
    oninput: filter,
  });
  const none = h("p", { class: "empty", role: "status", hidden: true }, t("No results"));
  function filter() {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { element, rows, title } of sections) {
      let here = 0;
      for (const { elements, words } of rows) {
        const text = `${title} ${words()}`.toLowerCase();
        const fits = wanted.every((word) => text.includes(word));
        for (const part of elements) part.hidden = !fits;
        here += Number(fits);
      }
      element.hidden = !here;
      found += here;
    }
    none.hidden = found > 0;
  }

  return createSheet({
    open,
    name: "help",
    title: t("Shortcuts and help"),
    beside: [search, presetChoice()],
    body: h("div", { class: "help-body" }, none, ...sections.map(({ element }) => element)),
    onOpen() {
      search.value = "";
      filter();
    },
    onClose: stopRecording,
  });
}
