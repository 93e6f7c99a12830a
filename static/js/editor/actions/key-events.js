/** Keys without what they do: names a key event, writes keys for people, tells which elements keep a key to themselves. */

import { t } from "../../core/text.js";

export const MAC = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");
const SHOWN = Object.freeze(
  /** @type {Record<string, string>} */ ({
    Mod: MAC ? "⌘" : "Ctrl",
    Alt: MAC ? "⌥" : "Alt",
    Shift: MAC ? "⇧" : "Shift",
    Escape: "Esc",
    ArrowLeft: "←",
    ArrowRight: "→",
    ArrowUp: "↑",
    ArrowDown: "↓",
    PageUp: "Page ↑",
    PageDown: "Page ↓",
    Delete: "Del",
    Space: t("Space"),
    "-": "−",
  }),
);
/** As `aria-keyshortcuts` writes them. */
const IN_ARIA = Object.freeze(/** @type {Record<string, string>} */ ({ Mod: MAC ? "Meta" : "Control", "+": "Plus" }));

/** @param {KeyboardEvent} event @returns {string} the sign, as on a Latin keyboard where the layout has other letters */
function signOf({ key, code, altKey }) {
  const [, letter, digit] = /^(?:Key([A-Z])|Digit(\d))$/.exec(code ?? "") ?? [];
  const foreign = key.length === 1 && key > "~";
  if (letter && (foreign || altKey)) return letter;
  if (digit && altKey) return digit;
  return key === " " ? "Space" : key.length === 1 ? key.toUpperCase() : key;
}

/**
 * The event as "Mod+Shift+Z". Shift is left out where it only made the sign, as in "?".
 * @param {KeyboardEvent} event
 */
export function keyName(event) {
  const third = event.getModifierState?.("AltGraph"); // it only makes the sign, though Windows says Ctrl and Alt
  const key = third ? event.key.toUpperCase() : signOf(event);
  const shift = event.shiftKey && (key.length > 1 || /[A-Z]/.test(key));
  const mod = !third && (event.ctrlKey || event.metaKey);
  return `${mod ? "Mod+" : ""}${!third && event.altKey ? "Alt+" : ""}${shift ? "Shift+" : ""}${key}`;
}

/**
 * All names it goes by: a digit with Shift is also called so, whatever sign that makes.
 * @param {KeyboardEvent} event
 */
export function keyNames(event) {
  const name = keyName(event);
  const [, digit] = /^Digit(\d)$/.exec(event.code ?? "") ?? [];
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  return digit && plain && event.shiftKey && event.key !== digit ? [name, `Shift+${digit}`] : [name];
}

/** @param {string} key @returns {string[]} "Mod+Shift+Z" in its parts; the last may be the plus itself */
function partsOf(key) {
  const parts = key.split("+");
  return key.endsWith("+") ? [...parts.slice(0, -2), "+"] : parts;
}

/** @param {string} key @returns {string[]} its parts as they are printed on keys */
export function keyCaps(key) {
  return partsOf(key).map((part) => SHOWN[part] ?? part);
}

/** @param {string} key @returns {string} as a person writes it */
export function keyText(key) {
  return keyCaps(key).join("+");
}

/** @param {string} key @returns {string} as `aria-keyshortcuts` writes it */
export function ariaKey(key) {
  return partsOf(key).map((part) => IN_ARIA[part] ?? part).join("+");
}

/** @param {EventTarget|null} target */
export function takesText(target) {
  return (
    target instanceof HTMLElement &&
    (target.matches("input:not([type=color], [type=range], [type=checkbox], [type=radio]), textarea, select") ||
      target.isContentEditable)
  );
}

/** Buttons, links and sliders keep the keys that work them. @param {EventTarget|null} target @param {string} key */
export function pressesItself(target, key) {
  if (!(target instanceof HTMLElement)) return false;
  if (/^(Shift\+)?(Enter|Space)$/.test(key)) return target.matches("button, a, summary, input");
  return /^(Shift\+)?(Arrow\w+|Home|End|PageUp|PageDown)$/.test(key) && target.matches("input, [role=radio]");
}
