/** The way in for someone who is new: choose pictures, or the sample, for someone with none at hand. */

import { sentenceOf } from "../../core/errors.js";
import { t } from "../../core/text.js";
import { h } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { addressOf } from "../shared/address.js";

/** @param {{actions: HTMLElement, api: import("../../net/api.js").Api, choose: () => void}} parts */
export function createDropZone({ actions, api, choose }) {
  const files = h(
    "button",
    { type: "button", class: "button primary large", onclick: choose },
    icon("upload"),
    t("Choose files"),
  );
  const sample = h(
    "button",
    { type: "button", class: "button large glass", onclick: openSample },
    icon("picture"),
    t("Try the sample"),
  );
  const wrong = h("p", { class: "drop-error", role: "alert" });
  const [before, after] = t("or paste one with {keys}").split("{keys}");
  const paste = h("p", { class: "drop-hint" }, before, h("kbd", {}, "Ctrl"), h("kbd", {}, "V"), after);
  actions.append(files, sample, paste, wrong);

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) sample.disabled = false; // the way back leads to the page as it was left
  });

  async function openSample() {
    sample.disabled = true;
    wrong.textContent = "";
    try {
      location.href = addressOf((await api.sample()).id);
    } catch (error) {
      wrong.textContent = `${t("Couldn't open the sample.")} ${sentenceOf(error)}`;
      sample.disabled = false;
    }
  }
}
