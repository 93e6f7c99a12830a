/** Tells in the strip of candidates which of them is shown first because it usually was accepted, and forgets it. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/** @param {import("../../../document/prompt/preference.js").Extent} extent @param {string} label */
function textOf(extent, label) {
  if (extent === "whole") return t("{label}: usually the whole", { label });
  return extent === "part" ? t("{label}: usually a part", { label }) : t("{label}: usually a small part", { label });
}

/** @param {import("../../../editor/actions/action.js").App} app */
export function usualExtent({ doc }) {
  const { preference, labels, prompting } = doc;
  const text = h("span", {});
  const forget = h(
    "button",
    {
      type: "button",
      class: "icon-button small",
      "aria-label": t("Reset: show the highest-rated mask first"),
      title: t("Reset: show the highest-rated mask first"),
      onclick: () => {
        preference.reset(labels.active.peek().name);
        doc.said.value = t("The highest-rated mask is shown first again.");
      },
    },
    icon("close"),
  );
  const note = h("p", { class: "usual" }, text, forget);
  effect(() => {
    const { name } = labels.active.value;
    const extent = preference.of(name);
    const offered = prompting.answer.value?.decoded.candidates.length ?? 0;
    note.hidden = !extent || offered !== 3 || doc.refined.value !== null;
    text.textContent = extent ? textOf(extent, name) : "";
  });
  return note;
}
