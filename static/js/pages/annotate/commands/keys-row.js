/** One action in the help: its keys, what it does, and a way to give it a key of one's own. */

import { effect, signal } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { against, assign, keysOf, ownKeys, reset } from "../../../editor/actions/keymap.js";
import { keyName, keyText } from "../../../editor/actions/key-events.js";
import { fill, h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { keyCapsOf } from "./keys-shown.js";

/** @typedef {import("../../../editor/actions/action.js").Action} Action */

const MOST_SHOWN = 2;
const ALONE = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified"]);

/** The row whose next key is taken down: one at a time. */
const recording = signal(/** @type {string|null} */ (null));

/** Nothing is recorded any more: the help closes. */
export function stopRecording() {
  recording.value = null;
}

/** Why a key cannot simply be taken, empty if it can. @param {string} id @param {string} key */
function objection(id, key) {
  const { fixed, label, actions } = against(id, key);
  const said = { key: keyText(key) };
  if (fixed) return t("{key} can't be reassigned. Choose another key.", said);
  if (label !== null) return t("{key} is assigned to the label {label}. Choose another key.", { ...said, label });
  const others = actions.map(({ title }) => title).join(t(", "));
  return actions.length ? t("{key} is assigned to “{others}”. Press again to reassign.", { ...said, others }) : "";
}

/** @param {Action} action @returns {HTMLElement[]} a term and its description */
export function keysRow({ id, title }) {
  const caps = h("span", { class: "caps" });
  const change = h(
    "button",
    { type: "button", class: "icon-button small", "aria-label": t("Change the shortcut for “{action}”", { action: title }) },
    icon("pencil"),
  );
  const back = h(
    "button",
    {
      type: "button",
      class: "icon-button small",
      title: t("Reset shortcut"),
      "aria-label": t("Reset the shortcut for “{action}”", { action: title }),
      onclick: () => reset(id),
    },
    icon("undo"),
  );
  const told = h("p", { class: "objection", role: "alert" });
  /** The key that was objected to, and is taken when it is pressed again. */
  let insisted = "";

  change.addEventListener("click", () => (recording.value = recording.peek() === id ? null : id));
  change.addEventListener("blur", () => {
    if (recording.peek() === id) recording.value = null;
  });
  change.addEventListener("keydown", (event) => {
    if (recording.peek() !== id || ALONE.has(event.key) || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return stopRecording();
    const key = keyName(event);
    const { fixed, label } = against(id, key);
    const why = objection(id, key);
    if (why && (fixed || label !== null || insisted !== key)) {
      insisted = key;
      told.textContent = why;
      return;
    }
    assign(id, key);
    stopRecording();
  });
  // Enter and Space would press the button again.
  change.addEventListener("keyup", (event) => {
    if (insisted || recording.peek() === id) event.preventDefault();
  });

  effect(() => {
    const on = recording.value === id;
    insisted = "";
    told.textContent = "";
    const keys = keysOf(id).slice(0, MOST_SHOWN);
    fill(caps, ...(on ? [h("em", {}, t("Press a key…"))] : keys.map(keyCapsOf)));
    set(change, { "aria-pressed": String(on), title: on ? t("Press Escape to cancel") : t("Change shortcut") });
    back.hidden = !ownKeys.value[id];
  });
  return [h("dt", {}, caps), h("dd", {}, h("span", {}, title), change, back, told)];
}
