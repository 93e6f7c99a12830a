/** Why what was just asked for was not done, as a quiet line over the picture that goes by itself. */

import { effect } from "../../../core/signals.js";
import { h } from "../dom.js";

const SHOWN_MS = 5000;

/** @param {HTMLElement} room the stage @param {import("../../../document/document.js").Document} doc */
export function createRefusal(room, { refused }) {
  const line = h("p", { class: "refusal", "aria-hidden": "true", hidden: true }); // the live region says it too
  room.append(line);
  let due = 0;
  effect(() => {
    const { text, n } = refused.value;
    clearTimeout(due);
    line.hidden = n === 0;
    line.textContent = text;
    due = window.setTimeout(() => (line.hidden = true), SHOWN_MS);
  });
}
