/**
 * Takes in pictures: dropped anywhere on the page, pasted, chosen; or the sample, for someone with none at
 * hand.
 */

import { h, set } from "../dom.js";
import { icon } from "../icons.js";
import { addressOf } from "./address.js";

const ACCEPTED = "image/*,.tif,.tiff,.bmp";

/**
 * @param {HTMLElement} zone
 * @param {{actions: HTMLElement, api: import("../../net/api.js").Api, upload: (files: File[]) => void}} parts
 */
export function createDropZone(zone, { actions, api, upload }) {
  const picker = h("input", {
    type: "file",
    accept: ACCEPTED,
    multiple: true,
    hidden: true,
    id: "file-picker",
  });
  const choose = h(
    "button",
    { type: "button", class: "button primary large", onclick: () => picker.click() },
    icon("upload"),
    "Choose files",
  );
  const sample = h(
    "button",
    { type: "button", class: "button large glass", onclick: openSample },
    icon("picture"),
    "Try the sample",
  );
  const wrong = h("p", { class: "drop-error", role: "alert" });
  const paste = h("p", { class: "drop-hint" }, "or paste one with ", h("kbd", {}, "Ctrl"), h("kbd", {}, "V"));
  actions.append(choose, sample, paste, wrong, picker);

  async function openSample() {
    sample.disabled = true;
    wrong.textContent = "";
    try {
      location.href = addressOf((await api.sample()).id);
    } catch (error) {
      const { message, hint } = /** @type {import("../../core/errors.js").ApiError} */ (error);
      wrong.textContent = `The sample could not be opened. ${message} ${hint ?? ""}`;
      sample.disabled = false;
    }
  }

  picker.addEventListener("change", () => {
    upload([...(picker.files ?? [])]);
    picker.value = "";
  });

  let depth = 0; // dragenter and dragleave come for every element passed over
  /** @param {number} next */
  function setDepth(next) {
    depth = Math.max(0, next);
    set(zone, { "data-over": depth > 0 });
  }

  document.addEventListener("dragenter", (event) => {
    if (event.dataTransfer?.types.includes("Files")) setDepth(depth + 1);
  });
  document.addEventListener("dragleave", () => setDepth(depth - 1));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    setDepth(0);
    upload([...(event.dataTransfer?.files ?? [])]);
  });
  document.addEventListener("paste", (event) => upload([...(event.clipboardData?.files ?? [])]));
}
