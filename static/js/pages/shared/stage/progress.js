/** What the page waits for, in words and as a thin line under the header; what failed, with a way on. */

import { effect } from "../../../core/signals.js";
import { online } from "../../../core/state.js";
import { t } from "../../../core/text.js";
import { fill, h, set } from "../dom.js";
import { megabytes, secondsLeft } from "../format.js";
import { icon } from "../icons.js";

/** @typedef {import("../../../core/types.js").Work} Work */
/** @typedef {import("../../../editor/editor.js").Editor} Editor */
/** @typedef {{text: string, hint: string, retry: (() => void)|null}} Notice */

/** @param {string} what @param {Work} now */
function amount(what, { bytes, totalBytes }) {
  if (totalBytes) return t("{what}, {done} of {total} MB", { what, done: megabytes(bytes), total: megabytes(totalBytes) });
  return bytes ? t("{what}, {done} MB", { what, done: megabytes(bytes) }) : what;
}

/** @param {Work} now @returns {string} empty when nothing is waited for */
export function wordsFor(now) {
  if (now.phase === "queued")
    return now.position ? t("Waiting to be encoded, number {place} in the queue", { place: now.position }) : t("Waiting to be encoded");
  if (now.phase === "encoding")
    return now.secondsLeft === null
      ? t("Encoding image")
      : t("Encoding image, {time}", { time: secondsLeft(now.secondsLeft) });
  if (now.phase === "downloading") return amount(t("Downloading image features"), now);
  if (now.phase === "loading-decoder")
    return now.totalBytes && now.bytes >= now.totalBytes
      ? t("Starting the decoder")
      : amount(t("Loading the decoder"), now);
  return "";
}

/**
 * @param {Editor} editor
 * @returns {Notice[]} what is wrong, most pressing first
 */
function troubles({ doc, pictureFailure }) {
  /** @type {Notice[]} */
  const list = [];
  const { error } = doc.work.value;
  if (error) list.push({ text: error.message, hint: error.hint, retry: error.retry });
  const unread = doc.loadFailure.value;
  if (unread)
    list.push({ text: `${t("Couldn't load objects.")} ${unread.message}`, hint: "", retry: unread.retry });
  const unseen = pictureFailure.value;
  if (unseen) list.push({ text: unseen.message, hint: "", retry: unseen.retry });
  const undecoded = doc.prompting.failure.value;
  if (undecoded) list.push({ text: undecoded.message, hint: undecoded.hint, retry: undecoded.retry });
  if (!online.value) {
    list.push({
      text: t("Offline."),
      hint: t("Changes are kept here and sync when the server returns."),
      retry: null,
    });
  }
  return list;
}

/** @param {HTMLElement} parent @param {Editor} editor */
export function createProgress(parent, editor) {
  const { doc } = editor;
  const bar = h("div", { class: "bar" });
  const line = h(
    "div",
    {
      class: "line",
      role: "progressbar",
      "aria-label": t("Progress"),
      "aria-valuemin": "0",
      "aria-valuemax": "100",
    },
    bar,
  );
  const words = h("p", { class: "words", role: "status" });
  const notices = h("div", { class: "notices", role: "alert" });
  parent.append(line, words, notices);

  effect(() => {
    const now = doc.work.value;
    const { next } = doc.segmenters.value;
    const plain = wordsFor(now);
    const text = plain && next ? `${next.title}: ${plain[0].toLowerCase()}${plain.slice(1)}` : plain;
    const waiting = doc.prompting.waiting.value > 0 && text && !doc.answering.value;
    set(line, {
      hidden: !text,
      "data-known": now.fraction !== null,
      "aria-valuenow": now.fraction === null ? null : String(Math.round(now.fraction * 100)),
    });
    bar.style.setProperty("--done", String(now.fraction ?? 0));
    const full = waiting ? t("{what}. Your mask will follow.", { what: text }) : text;
    if (words.textContent !== full) words.textContent = full;
    words.hidden = !text || doc.answering.value; // nothing is waited for
  });

  effect(() => {
    const rows = troubles(editor).map(({ text, hint, retry }) =>
      h(
        "div",
        { class: "notice" },
        icon("alert"),
        h("p", {}, h("strong", {}, text), hint ? ` ${hint}` : null),
        retry ? h("button", { type: "button", class: "button", onclick: retry }, t("Try again")) : null,
      ),
    );
    fill(notices, ...rows);
  });
}
