/** What one sees of uploads: how far the whole is, why it pauses, and a row for each file that could not be added. */

import { effect } from "../../../core/signals.js";
import { counted, t } from "../../../core/text.js";
import { fill, h, keepRows, set } from "../dom.js";
import { megabytes } from "../format.js";
import { icon } from "../icons.js";

/** @typedef {import("./upload-queue.js").Failure} Failure */

const MOST_ROWS = 50;

/** A line that fills. @param {string} label @returns {{line: HTMLElement, show: (done: number) => void}} done: 0 to 1 */
export function progressLine(label) {
  const bar = h("div", { class: "bar" });
  const line = h(
    "div",
    {
      class: "line",
      role: "progressbar",
      "aria-label": label,
      "aria-valuemin": "0",
      "aria-valuemax": "100",
      "data-known": true,
    },
    bar,
  );
  return {
    line,
    show(done) {
      bar.style.setProperty("--done", String(done));
      set(line, { "aria-valuenow": String(Math.round(done * 100)) });
    },
  };
}

/**
 * @param {HTMLElement} parent
 * @param {ReturnType<typeof import("./upload-queue.js").createUploadQueue>} queue
 * @param {(ids: number[]) => void} retry
 */
export function showUploads(parent, queue, retry) {
  const title = h("span", { class: "upload-name" });
  const words = h("span", { class: "upload-detail" });
  const goOn = h("button", { type: "button", class: "button", onclick: queue.goOn }, t("Resume"));
  const cancel = h("button", { type: "button", class: "button quiet", onclick: queue.cancel }, t("Cancel"));
  const { line, show } = progressLine(t("Adding images"));
  const overall = h("div", { class: "upload", hidden: true }, title, words, goOn, cancel, line);
  const failed = h("div", { class: "upload-failures" });
  const again = h(
    "button",
    { type: "button", class: "button", onclick: () => retry(retryable().map(({ id }) => id)) },
    t("Retry all"),
  );
  const away = h(
    "button",
    {
      type: "button",
      class: "button quiet",
      onclick: () => queue.putAway(queue.state.peek().failures.map(({ id }) => id)),
    },
    t("Dismiss all"),
  );
  const more = h("span", { class: "muted" });
  const many = h("div", { class: "upload-many", hidden: true }, more, again, away);
  parent.append(overall, failed, many);
  const rows = new Map();
  const retryable = () => queue.state.peek().failures.filter((each) => each.again);

  /** @param {Failure} failure */
  function row({ id, entry, message, again: mayRetry }) {
    const name = entry.path;
    const label = t("Dismiss the message about {name}", { name });
    const element = h(
      "div",
      { class: "upload", "data-failed": true, role: "alert" },
      icon("alert"),
      h("span", { class: "upload-name" }, name),
      h("span", { class: "upload-words" }, message),
      mayRetry && h("button", { type: "button", class: "button", onclick: () => retry([id]) }, t("Try again")),
      h(
        "button",
        {
          type: "button",
          class: "icon-button small",
          "aria-label": label,
          title: t("Dismiss"),
          onclick: () => queue.putAway([id]),
        },
        icon("close"),
      ),
    );
    return { element, update() {} };
  }

  effect(() => {
    const { total, settled, bytes, sent, failures, paused } = queue.state.value;
    overall.hidden = settled === total;
    set(overall, { "data-failed": paused !== null });
    goOn.hidden = paused === null;
    title.textContent =
      paused === null
        ? t("Adding {done} of {total}", { done: Math.min(total, settled + 1), total })
        : counted(total - settled, "{count} image waiting", "{count} images waiting");
    words.textContent =
      paused ?? t("{sent} of {bytes} MB", { sent: megabytes(sent), bytes: megabytes(bytes) });
    show(bytes ? sent / bytes : 0);
    keepRows(failed, failures.slice(0, MOST_ROWS), ({ id }) => String(id), row, rows);
    many.hidden = failures.length < 2;
    again.hidden = !failures.some((each) => each.again);
    fill(more, counted(failures.length, "{count} file was not added.", "{count} files were not added."));
  });
}
