/** Finds what a key means in the map in force, and does it; the map's keys as tooltips and assistive technology have them. */

import { effect } from "../../core/signals.js";
import { run } from "./action.js";
import { ACTIONS } from "./index.js";
import { keysOf, keysOfProject, labelKeys, projectPreset, wantedLabelKeys } from "./keymap.js";
import { ariaKey, keyNames, keyText, pressesItself, takesText } from "./key-events.js";
import { useLabelNamed } from "./labels.js";

/** @typedef {import("./action.js").Action} Action */

/** Read in an effect, it follows the map. @param {Pick<Action, 'id'>} action @returns {string} " (Enter)" for tooltips, or nothing */
export function keyHint({ id }) {
  const [key] = keysOf(id);
  return key ? ` (${keyText(key)})` : "";
}

/** @param {string} id of an action @returns {string|null} its keys for `aria-keyshortcuts` */
export function ariaKeys(id) {
  return keysOf(id).map(ariaKey).join(" ") || null;
}

/**
 * @param {import("./action.js").App} app
 * @param {{room: HTMLElement, panning: import("../tools/panning.js").Panning}} stage
 */
export function listenToKeys(app, { room, panning }) {
  effect(() => {
    keysOfProject.value = app.doc.project.value.id;
    projectPreset.value = app.doc.project.value.settings.key_preset;
    const letters = [...app.doc.labels.keyed.value].filter(([key]) => /[a-z]/.test(key));
    wantedLabelKeys.value = new Map(letters.map(([key, { name }]) => [key.toUpperCase(), name]));
  });

  /** @param {readonly string[]} names @returns {Action|undefined} */
  function meant(names) {
    const onStage = document.activeElement === room || document.activeElement === document.body;
    return ACTIONS.find(
      (action) =>
        keysOf(action.id).some((key) => names.includes(key)) &&
        (onStage || !action.onStage) &&
        action.enabled(app),
    );
  }

  document.addEventListener("keydown", (event) => {
    const names = keyNames(event);
    const [key] = names;
    if (event.defaultPrevented || event.isComposing || takesText(event.target)) return;
    if (document.querySelector("dialog[open]") || pressesItself(event.target, key)) return;
    if (key === "Escape" && document.querySelector(":popover-open")) return; // the browser closes it
    if (/^(Shift\+)?Space$/.test(key)) {
      event.preventDefault();
      panning.hold();
      return;
    }
    const label = labelKeys.peek().get(key);
    const action = label === undefined ? meant(names) : useLabelNamed(label);
    if (!action?.enabled(app)) return;
    event.preventDefault();
    run(action, app);
  });

  // Space held moves the picture; pressed and let go, it clicks.
  document.addEventListener("keyup", (event) => {
    if (event.key !== " ") return;
    const action = panning.release() ? meant(keyNames(event)) : undefined;
    if (action) run(action, app);
  });
}
