/** The help: how to point, and every action with its keys, straight from the registry. */

import { effect } from "../core/signals.js";
import { ACTIONS } from "../actions/index.js";
import { keyCaps } from "../actions/keys.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";

const POINTING = Object.freeze([
  ["Click, tap", "include what is there"],
  ["Right-click, Alt-click, long press", "exclude what is there"],
  ["Drag", "draw a box (with a finger: the box tool)"],
  ["Click a point", "remove it"],
  ["Wheel, two fingers", "zoom where you point"],
  ["Space-drag, middle button, two fingers", "move the picture"],
]);

/** @typedef {import("../actions/action.js").Action} Action */

/** @param {string} key */
function caps(key) {
  return h("span", { class: "keys" }, ...keyCaps(key).map((cap) => h("kbd", {}, cap)));
}

/**
 * The keys of actions alike: all of a few, the first and the last of many.
 * @param {readonly Action[]} family
 */
function familyCaps(family) {
  const plain = family.flatMap(({ keys }) => keys).filter((key) => !key.includes("Shift+"));
  return plain.length <= 4 ? plain.map(caps) : [caps(plain[0]), "to", caps(plain[plain.length - 1])];
}

/** @param {string} group */
function groupRows(group) {
  const actions = ACTIONS.filter((action) => action.group === group);
  const heads = actions.filter(
    ({ family }, i) => !family || actions.findIndex((other) => other.family === family) === i,
  );
  return heads.flatMap(({ title, keys, family }) => {
    const shown = family
      ? familyCaps(actions.filter((other) => other.family === family))
      : keys.slice(0, 2).map(caps);
    return [h("dt", {}, ...shown), h("dd", {}, family ?? title)];
  });
}

/** @param {import("../core/signals.js").Signal<boolean>} open */
export function createHelp(open) {
  const groups = [...new Set(ACTIONS.map(({ group }) => group))];
  const pointing = POINTING.flatMap(([how, what]) => [h("dt", {}, how), h("dd", {}, what)]);
  const sections = groups.map((group) =>
    h("section", {}, h("h3", {}, group), h("dl", {}, ...groupRows(group))),
  );
  const close = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => dialog.close() },
    icon("close"),
  );
  const dialog = h(
    "dialog",
    { class: "dialog help", "aria-labelledby": "help-title", onclose: () => (open.value = false) },
    h("header", {}, h("h2", { id: "help-title" }, "Keys and help"), close),
    h(
      "div",
      { class: "help-body" },
      h("section", {}, h("h3", {}, "Pointing"), h("dl", { class: "wide" }, ...pointing)),
      ...sections,
    ),
  );
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  effect(() => {
    if (open.value && !dialog.open) dialog.showModal();
  });
  return dialog;
}
