/** The candidates of a demo, in a bar that stays where it is. */

import { effect } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { fill, h, set } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { candidateThumb, ratedAbove, sharedCrop } from "../shared/stage/candidate-thumb.js";

/** @param {{doc: import("../../document/document.js").Document, stage: import("../../editor/render/stage.js").Stage}} parts */
export function createDemoCandidates({ doc, stage }) {
  const { prompting } = doc;
  const { prompt, decoded, choice } = prompting;
  const hint = h("p", { class: "demo-hint" }, t("Click an object in the image."));
  const thumbs = h("div", { class: "thumbs", role: "radiogroup", "aria-label": t("Candidates") });
  const label = h("span", { class: "label-name" });
  const accept = h("button", { type: "button", class: "button primary", onclick: () => void doc.accept() }, icon("check"), label);
  const drop = h("button", { type: "button", class: "icon-button", "aria-label": t("Clear prompt"), title: t("Clear prompt"), onclick: prompting.cancel }, icon("close"));
  const row = h("div", { class: "candidates-row", role: "group", "aria-label": t("Current mask") }, thumbs, accept, drop);

  thumbs.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    prompting.cycle(by);
    /** @type {HTMLElement|null} */ (thumbs.children[choice.peek()])?.focus();
  });

  effect(() => {
    const candidates = decoded.value?.candidates ?? [];
    const target = doc.image.peek();
    const part = target && candidates.length > 1 ? sharedCrop(candidates, prompt.peek(), target) : null;
    const top = candidates.length > 1 ? ratedAbove(candidates, decoded.value?.best ?? 0) : null;
    const look = stage.look.value;
    const each = candidates.map((candidate, index) =>
      candidateThumb(candidate, { index, count: candidates.length, top: index === top }, {
        ...{ target, part, look, picture: stage.picture.peek() },
        choose: () => prompting.choose(index),
      }),
    );
    fill(thumbs, ...each);
    thumbs.hidden = candidates.length < 2;
    row.hidden = candidates.length === 0;
    hint.hidden = candidates.length > 0;
  });
  effect(() => {
    void decoded.value;
    [...thumbs.children].forEach((element, i) =>
      set(element, { "aria-checked": String(i === choice.value), tabindex: i === choice.value ? "0" : "-1" }),
    );
  });
  effect(() => {
    label.textContent = t("Accept as {label}", { label: doc.labels.active.value.name });
  });
  return h("div", { class: "demo-candidates" }, hint, row);
}
