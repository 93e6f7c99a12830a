/** Whether what was done is on the server, on its way, or kept by this browser until the server can be reached. */

import { effect } from "../../../core/signals.js";
import { counted, t } from "../../../core/text.js";
import { fill, h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/** @typedef {import("../../../document/sync/outbox.js").Summary} Summary */

/** @param {Summary} summary */
function textOf({ state, count, kept }) {
  if (state === "saved") return t("Saved");
  if (state === "saving") return t("Saving…");
  if (state === "failed") return counted(count, "{count} change not saved. Retry", "{count} changes not saved. Retry");
  if (state === "conflict") return t("Conflict: choose a version");
  if (state === "signed-out") return counted(count, "Signed out: {count} change not saved", "Signed out: {count} changes not saved");
  return kept
    ? counted(count, "Offline: {count} change kept in this browser", "Offline: {count} changes kept in this browser")
    : counted(count, "Offline: {count} change only in this page", "Offline: {count} changes only in this page");
}

/** @param {Summary} summary */
function explanation({ state, count, message, kept }) {
  if (state === "saved" || state === "saving" || state === "conflict") return "";
  if (state === "failed")
    return counted(count, "{count} change not saved: {reason}", "{count} changes not saved: {reason}", { reason: message });
  const way = kept
    ? state === "signed-out"
      ? t("They are kept in this browser and saved when you sign in again.")
      : t("They sync when the server returns, or the next time you open Samphire.")
    : t("This browser can't store changes (a private window?). Keep this page open until they are saved.");
  return `${message} ${way}`;
}

/** @param {import("../../../editor/actions/action.js").App} app @param {() => void} signIn  again */
export function savedState({ doc }, signIn) {
  const element = h("button", {
    type: "button",
    class: "saved",
    disabled: true,
    onclick: () => (doc.outbox.summary.peek().state === "signed-out" ? signIn() : doc.outbox.retry()),
  });
  effect(() => {
    const summary = doc.outbox.summary.value;
    const { state } = summary;
    const text = textOf(summary);
    set(element, {
      "data-state": state,
      "aria-label": text, // a narrow header shows the icon alone
      disabled: state === "saved" || state === "saving" || state === "conflict",
      hidden: doc.objects.all.value.length === 0 && state === "saved",
      title: explanation(summary),
    });
    const shown = { saved: "check", saving: "sync", offline: "sync", "signed-out": "alert", conflict: "alert", failed: "alert" }[state];
    fill(element, icon(shown), h("span", {}, text));
  });
  return element;
}
