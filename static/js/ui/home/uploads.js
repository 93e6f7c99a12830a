/** Uploads under way, one after the other: how far each is, and what went wrong with a way on. */

import { h, set } from "../dom.js";
import { megabytes } from "../format.js";
import { icon } from "../icons.js";
import { addressOf } from "../address.js";

/** @typedef {import("../../core/types.js").ImageInfo} ImageInfo */

/**
 * @param {HTMLElement} parent
 * @param {{api: import("../../net/api.js").Api, limits: import("../../core/types.js").Limits, onAdded: () => void}} parts
 * @returns {(files: File[]) => Promise<void>}
 */
export function createUploads(parent, { api, limits, onAdded }) {
  /** @param {File} file */
  function row(file) {
    const words = h("span", { class: "upload-words" }, "Waiting");
    const bar = h("div", { class: "bar" });
    const line = h(
      "div",
      {
        class: "line",
        role: "progressbar",
        "aria-label": `Uploading ${file.name}`,
        "aria-valuemin": "0",
        "aria-valuemax": "100",
        "data-known": true,
      },
      bar,
    );
    const cancel = h(
      "button",
      { type: "button", class: "icon-button small", "aria-label": `Cancel ${file.name}`, title: "Cancel" },
      icon("close"),
    );
    const retry = h("button", { type: "button", class: "button", hidden: true }, "Try again");
    const element = h(
      "div",
      { class: "upload" },
      h("span", { class: "upload-name" }, file.name),
      words,
      retry,
      cancel,
      line,
    );
    parent.append(element);
    return { element, words, bar, line, cancel, retry };
  }

  /** @param {File} file @returns {Promise<ImageInfo|null>} null when it was cancelled or failed */
  async function one(file) {
    const { element, words, bar, line, cancel, retry } = row(file);
    const abort = new AbortController();
    cancel.addEventListener("click", () => {
      abort.abort();
      element.remove();
    });
    retry.addEventListener("click", () => {
      element.remove();
      void upload([file]);
    });
    try {
      if (file.size > limits.max_upload_bytes) {
        throw new Error(
          `It has ${megabytes(file.size)} MB; this server takes ${megabytes(limits.max_upload_bytes)} MB.`,
        );
      }
      const added = await api.upload(file, file.name, {
        signal: abort.signal,
        onProgress(loaded, total) {
          const done = total ? loaded / total : 0;
          bar.style.setProperty("--done", String(done));
          set(line, { "aria-valuenow": String(Math.round(done * 100)) });
          words.textContent = done < 1 ? `Uploading ${Math.round(done * 100)} %` : "Checking the picture";
        },
      });
      element.remove();
      return added;
    } catch (error) {
      if (abort.signal.aborted) return null;
      const { message, hint, status = 400 } = /** @type {Error & {hint?: string, status?: number}} */ (error);
      words.textContent = [message, hint].filter(Boolean).join(" ");
      set(element, { "data-failed": true, role: "alert" });
      line.hidden = true;
      retry.hidden = status >= 400 && status < 500; // the same file would be refused again
      set(cancel, { "aria-label": `Put away the message about ${file.name}`, title: "Put away" });
      return null;
    }
  }

  /** @param {File[]} files a single picture is opened at once */
  async function upload(files) {
    /** @type {ImageInfo[]} */
    const added = [];
    for (const file of files) {
      const image = await one(file);
      if (!image) continue;
      added.push(image);
      onAdded();
    }
    if (files.length === 1 && added.length === 1) location.href = addressOf(added[0].id);
  }

  return upload;
}
