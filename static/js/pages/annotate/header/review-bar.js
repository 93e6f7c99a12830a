/** Accept and return, in the header of a submitted image; and the note that goes with a return. */

import { run } from "../../../editor/actions/action.js";
import { action } from "../../../editor/actions/index.js";
import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { actionButton } from "../action-button.js";
import { showKeys } from "../commands/keys-shown.js";

/** @typedef {import("../../../editor/actions/action.js").App} App */

const NOTE_CHARACTERS = 2000;

/** @param {App} app @param {string} id @param {string} symbol @param {string} word @param {string} kind */
function deciding(app, id, symbol, word, kind) {
  const { title, enabled } = action(id);
  const button = h(
    "button",
    { type: "button", class: `button ${kind}`, "aria-label": title, onclick: () => run(action(id), app) },
    icon(symbol),
    h("span", {}, word),
  );
  showKeys(button, id, (hint) => title + hint);
  effect(() => set(button, { disabled: !enabled(app) }));
  return button;
}

/** @param {App} app @param {HTMLElement} instead  what stands there while there is nothing to decide */
export function createReviewBar(app, instead) {
  const { review } = app;
  const undo = actionButton(app, "undo-review", "undo");
  const bar = h(
    "span",
    { class: "review-bar", role: "group", "aria-label": t("Review") },
    undo,
    deciding(app, "return-image", "state-returned", t("Return"), "quiet"),
    deciding(app, "accept-image", "check", t("Accept"), "primary"),
  );
  effect(() => {
    const shown = review.can.value || review.canUndo.value;
    bar.hidden = !shown;
    instead.hidden = shown;
    undo.hidden = !review.canUndo.value;
  });
  return bar;
}

/** Asks what is to be done, for who gets the image back. @param {App} app */
export function createReturnDialog({ review }) {
  const note = h("textarea", {
    class: "field boxed",
    id: "return-note",
    rows: "4",
    maxlength: NOTE_CHARACTERS,
    placeholder: t("What should change? (optional)"),
  });
  const cancel = h("button", { type: "button", class: "button", onclick: () => dialog.close() }, t("Cancel"));
  const form = h(
    "form",
    {
      class: "form",
      /** @param {SubmitEvent} event */
      onsubmit(event) {
        event.preventDefault();
        const text = note.value.trim();
        dialog.close();
        review.giveBack(text);
      },
    },
    h("h2", { id: "return-title" }, t("Return image")),
    h("label", { for: note.id }, t("Note")),
    note,
    h("div", { class: "dialog-actions" }, cancel, h("button", { class: "button primary" }, t("Return"))),
  );
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "return-title" }, form);
  note.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  dialog.addEventListener("close", () => (review.asking.value = false));
  effect(() => {
    if (!review.asking.value || dialog.open) return;
    note.value = "";
    dialog.showModal();
  });
  return dialog;
}
