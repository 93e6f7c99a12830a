/** Takes in pictures: dropped anywhere on the page, pasted, chosen; or the sample, for someone with none at hand. */

import { h, set } from "../dom.js";
import { icon } from "../icons.js";
import { listenForFiles } from "../incoming.js";
import { addressOf } from "../address.js";

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

  listenForFiles(upload, (over) => set(zone, { "data-over": over }));
}
