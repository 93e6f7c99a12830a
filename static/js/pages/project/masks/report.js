/** The masks of a job that a person should look at: why, where they are, and that one of them is right. */

import { sentenceOf } from "../../../core/errors.js";
import { counted, t } from "../../../core/text.js";
import { addressOf } from "../../shared/address.js";
import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/** @typedef {import("../../../core/api-types.js").MaskRun} MaskRun */
/** @typedef {import("../../../core/api-types.js").UnsureMask} UnsureMask */

const DOUBTS = Object.freeze({
  empty: t("No mask found: still a box"),
  unstable: t("Unclear edge"),
  outside: t("Reaches out of its box"),
  full: t("Fills its box"),
});

/**
 * @param {object} parts
 * @param {import("./asking.js").MaskRuns} parts.runs
 * @param {string} parts.projectId
 * @param {() => void} parts.onConfirmed
 */
export function createReport({ runs, projectId, onConfirmed }) {
  const about = h("p", { id: "report-about" });
  const list = h("ul", { class: "unsure-masks" });
  const failed = h("ul", { class: "unsure-masks" });
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  const element = h(
    "dialog",
    { class: "dialog mask-report", "aria-labelledby": "report-title", "aria-describedby": "report-about" },
    h("h2", { id: "report-title" }, t("Masks to check")),
    about,
    wrong,
    list,
    failed,
    h("div", { class: "dialog-actions" }, h("button", { type: "button", class: "button", onclick: () => element.close() }, t("Close"))),
  );

  /** @param {MaskRun} run @param {UnsureMask} mask */
  function item(run, mask) {
    const row = h(
      "li",
      {},
      h("a", { target: "_blank", href: `${addressOf(mask.image_id, projectId)}#object=${encodeURIComponent(mask.id)}` }, mask.image),
      h("span", {}, mask.label),
      h("span", { class: "muted" }, mask.doubts.map((doubt) => DOUBTS[doubt]).join(t(", "))),
      h("button", { type: "button", class: "button", onclick: () => void confirm(run, mask, row) }, icon("check"), t("Looks right")),
    );
    return row;
  }

  /** @param {MaskRun} run @param {UnsureMask} mask @param {HTMLElement} row */
  async function confirm(run, mask, row) {
    try {
      await runs.confirm(run.id, mask.id);
      const next = /** @type {HTMLElement|null} */ ((row.nextElementSibling ?? row.previousElementSibling)?.querySelector("button") ?? null);
      row.remove();
      (next ?? element).focus();
      tell(list.children.length);
      onConfirmed();
    } catch (error) {
      say(sentenceOf(error));
    }
  }

  /** @param {string} text */
  function say(text) {
    wrong.textContent = text;
    wrong.hidden = text === "";
  }

  /** @param {number} count */
  function tell(count) {
    about.textContent = count
      ? counted(count, "{count} mask may be wrong. Open it to correct it, or say that it looks right.", "{count} masks may be wrong. Open one to correct it, or say that it looks right.")
      : t("All masks were checked.");
  }

  return {
    element,
    /** @param {MaskRun} run */
    async open(run) {
      say("");
      try {
        const report = await runs.report(run.id);
        tell(report.unsure.length);
        fill(list, ...report.unsure.map((mask) => item(run, mask)));
        fill(failed, ...report.failed.map(({ image, problem }) => h("li", {}, h("b", {}, image), h("span", { class: "muted" }, problem))));
      } catch (error) {
        fill(list);
        fill(failed);
        about.textContent = "";
        say(sentenceOf(error));
      }
      element.showModal();
    },
  };
}
