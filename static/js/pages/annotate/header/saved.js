/** Whether what was done is on the server, on its way, or kept by this browser until the server can be reached. */

import { effect } from "../../../core/signals.js";
import { counted, t } from "../../../core/text.js";
import { VISIT } from "../../../net/account.js";
import { fill, h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/** @typedef {import("../../../document/sync/outbox.js").Summary} Summary */

/** @param {Summary} summary */
function textOf({ state, count, kept }) {
  if (state === "saved") return t("Saved");
  if (state === "saving") return t("Saving…");
  if (state === "failed") return counted(count, "{count} change not saved. Retry", "{count} changes not saved. Retry");
  if (state === "conflict") return t("Conflict: choose a version");
  if (state === "signed-out" && VISIT) return counted(count, "Visit ended: {count} change not saved", "Visit ended: {count} changes not saved");
  if (state === "signed-out") return counted(count, "Signed out: {count} change not saved", "Signed out: {count} changes not saved");
  return kept
    ? counted(count, "Offline: {count} change kept", "Offline: {count} changes kept")
    : counted(count, "Offline: {count} change in this page only", "Offline: {count} changes in this page only");
}

/** @param {Summary} summary @param {boolean} ofLabels  it is about their changes alone */
function explanation({ state, count, message, kept }, ofLabels) {
  if (ofLabels) return `${message} ${t("Label changes are kept in this page and sync when the server returns.")}`.trim();
  if (state === "saved" || state === "saving" || state === "conflict") return "";
  if (state === "failed")
    return counted(count, "{count} change not saved: {reason}", "{count} changes not saved: {reason}", { reason: message });
  if (state === "signed-out" && VISIT) return t("The link was revoked or has expired. Ask the person who shared it for a new one.");
  const way = kept
    ? state === "signed-out"
      ? t("They are kept in this browser and saved when you sign in again.")
      : t("Changes are kept in this browser and sync when the server returns, or the next time you open Samphire.")
    : t("This browser can't store changes (a private window?). Keep this page open until they are saved.");
  return `${message} ${way}`;
}

/**
 * Their changes are kept by this page alone.
 * @param {import("../../../document/labels/labels.js").Labels} labels @returns {Summary}
 */
function summaryOfLabels({ waiting, failure }) {
  const message = failure.value?.message ?? "";
  return { state: message ? "offline" : "saving", count: waiting.value, message, kept: false };
}

/** @param {import("../../../editor/actions/action.js").App} app @param {() => void} signIn  again */
export function savedState({ doc }, signIn) {
  const element = h("button", {
    type: "button",
    class: "saved",
    disabled: true,
    onclick() {
      if (doc.outbox.summary.peek().state === "signed-out") return signIn();
      doc.outbox.retry();
      if (doc.labels.unsaved.peek()) void doc.labels.load();
    },
  });
  effect(() => {
    const ofLabels = doc.outbox.summary.value.state === "saved" && doc.labels.waiting.value > 0;
    const summary = ofLabels ? summaryOfLabels(doc.labels) : doc.outbox.summary.value;
    const { state } = summary;
    const text = textOf(summary);
    set(element, {
      "data-state": state,
      "aria-label": text, // a narrow header shows the icon alone
      disabled: state === "saved" || state === "saving" || state === "conflict",
      hidden: doc.objects.all.value.length === 0 && state === "saved",
      title: explanation(summary, ofLabels),
    });
    const shown = { saved: "check", saving: "sync", offline: "sync", "signed-out": "alert", conflict: "alert", failed: "alert" }[state];
    fill(element, icon(shown), h("span", {}, text));
  });
  return element;
}
