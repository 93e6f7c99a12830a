/** Keys: names a key event, finds the action it means, writes keys for people. */

import { ACTIONS } from "./index.js";

/** @typedef {import("./action.js").Action} Action */

const MAC = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");
const SHOWN = Object.freeze(
  /** @type {Record<string, string>} */ ({
    Mod: MAC ? "⌘" : "Ctrl",
    Shift: MAC ? "⇧" : "Shift",
    Escape: "Esc",
    ArrowLeft: "←",
    ArrowRight: "→",
    ArrowUp: "↑",
    ArrowDown: "↓",
    Delete: "Del",
    "-": "−",
  }),
);

/**
 * The event as "Mod+Shift+Z". Shift is left out where it only made the sign, as in "?".
 * @param {KeyboardEvent} event
 */
export function keyName(event) {
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const shift = event.shiftKey && (key.length > 1 || /[A-Z]/.test(key));
  return `${event.ctrlKey || event.metaKey ? "Mod+" : ""}${shift ? "Shift+" : ""}${key}`;
}

/** @param {string} key @returns {string[]} its parts as they are printed on keys */
export function keyCaps(key) {
  const parts = key === "+" ? ["+"] : key.split("+");
  return parts.map((part) => SHOWN[part] ?? part);
}

/** @param {Action} action @returns {string} " (Enter)" for tooltips, or nothing */
export function keyHint({ keys }) {
  return keys.length ? ` (${keyCaps(keys[0]).join("+")})` : "";
}

/** @param {EventTarget|null} target */
function takesText(target) {
  return (
    target instanceof HTMLElement &&
    (target.matches("input:not([type=color]), textarea, select") || target.isContentEditable)
  );
}

/** Buttons and links keep the keys that press them. @param {EventTarget|null} target @param {string} key */
function pressesItself(target, key) {
  return (
    target instanceof HTMLElement &&
    /^(Shift\+)?(Enter|Space)$/.test(key) &&
    target.matches("button, a, summary, input")
  );
}

/**
 * @param {import("./action.js").App} app
 * @param {{room: HTMLElement, panning: import("../tools/panning.js").Panning}} stage
 */
export function listenToKeys(app, { room, panning }) {
  /** @param {string} key @returns {Action|undefined} */
  function meant(key) {
    const onStage = document.activeElement === room || document.activeElement === document.body;
    return ACTIONS.find(
      (action) => action.keys.includes(key) && (onStage || !action.onStage) && action.enabled(app),
    );
  }

  document.addEventListener("keydown", (event) => {
    const key = keyName(event);
    if (event.defaultPrevented || event.isComposing || event.altKey || takesText(event.target)) return;
    if (document.querySelector("dialog[open]") || pressesItself(event.target, key)) return;
    if (key === "Escape" && document.querySelector(":popover-open")) return; // the browser closes it
    if (event.key === " ") {
      event.preventDefault();
      panning.hold();
      return;
    }
    const action = meant(key);
    if (!action) return;
    event.preventDefault();
    action.perform(app);
  });

  // Space held moves the picture; pressed and let go, it clicks.
  document.addEventListener("keyup", (event) => {
    if (event.key !== " ") return;
    const pressed = panning.release();
    if (pressed) meant(keyName(event))?.perform(app);
  });
}
