/** The candidates of a demo, in a bar that stays where it is. */

import { effect } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { h } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { createCandidateThumbs } from "../shared/stage/candidate-thumbs.js";

/** @param {{doc: import("../../document/document.js").Document, stage: import("../../editor/render/stage.js").Stage}} parts */
export function createDemoCandidates({ doc, stage }) {
  const { prompting } = doc;
  const { decoded } = prompting;
  const hint = h("p", { class: "demo-hint" });
  effect(() => {
    hint.textContent = doc.image.value ? t("Click an object in the image.") : "";
  });
  const label = h("span", { class: "label-name" });
  const accept = h("button", { type: "button", class: "button primary accept", onclick: () => void doc.accept() }, icon("check"), label);
  const drop = h("button", { type: "button", class: "icon-button", "aria-label": t("Clear prompt"), title: t("Clear prompt"), onclick: prompting.cancel }, icon("close"));
  const row = h("div", { class: "candidates-row", role: "group", "aria-label": t("Current mask") }, createCandidateThumbs({ doc, stage }), accept, drop);

  effect(() => {
    const any = !!decoded.value?.candidates.length;
    row.hidden = !any;
    hint.hidden = any;
  });
  effect(() => {
    label.textContent = t("Accept as {label}", { label: doc.labels.active.value.name });
  });
  return h("div", { class: "demo-candidates" }, hint, row);
}
