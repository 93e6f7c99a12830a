/** Keys as people see them: on caps, in tooltips, for screen readers; they follow the map in force. */

import { effect } from "../../../core/signals.js";
import { keyCaps } from "../../../editor/actions/key-events.js";
import { ariaKeys, keyHint } from "../../../editor/actions/keys.js";
import { h, set } from "../../shared/dom.js";

/** @param {string} key as in "Mod+Z" */
export function keyCapsOf(key) {
  return h("span", { class: "keys" }, ...keyCaps(key).map((cap) => h("kbd", {}, cap)));
}

/**
 * An element that does what an action does: its tooltip and its keys.
 * @param {Element} element @param {string} id of the action
 * @param {(hint: string) => string} title  hint: " (Enter)", or empty
 */
export function showKeys(element, id, title) {
  effect(() => set(element, { title: title(keyHint({ id })), "aria-keyshortcuts": ariaKeys(id) }));
}
