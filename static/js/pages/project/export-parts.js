/** Which images of a project are exported: all, those selected or listed by the filters, or those done. */

import { t } from "../../core/text.js";
import { STATES } from "../shared/image-states.js";
import { fill, h } from "../shared/dom.js";

/** @typedef {import("../../net/projects-api.js").Selection} Selection */
/** @typedef {import("../../net/projects-api.js").ExportOptions} ExportOptions */

/**
 * @param {object} parts
 * @param {Pick<import("../../net/api.js").Api, "selectImages"|"project">} parts.api
 * @param {import("../../core/types.js").Project} parts.project
 * @param {{peek(): Selection}} parts.selection
 * @param {{peek(): boolean}} parts.filtered
 * @param {{peek(): number}} parts.total  images listed
 * @param {{peek(): ReadonlySet<string>}} parts.picked
 */
export function createExportParts({ api, project, selection, filtered, total, picked }) {
  const field = h("select", { class: "field boxed", id: "export-which" });
  const label = h("label", { for: field.id }, t("Images"));
  /** As they were when the dialog was opened. */
  let ids = /** @type {string[]} */ ([]);
  let listed = /** @type {Selection} */ ({});
  /** @type {Promise<string>|null} */
  let named = null;
  let turn = 0;

  /** @param {import("../../core/types.js").StateCounts} counts */
  function show(counts) {
    const before = field.value;
    const all = STATES.reduce((sum, state) => sum + counts[state], 0);
    const offers = [
      { value: "all", title: t("All images ({count})", { count: all }) },
      ...(filtered.peek() ? [{ value: "listed", title: t("Filtered ({count})", { count: total.peek() }) }] : []),
      ...(ids.length ? [{ value: "picked", title: t("Selected ({count})", { count: ids.length }) }] : []),
      { value: "done", title: t("Done only ({count})", { count: counts.done }) },
      ...(project.settings.review ? [{ value: "accepted", title: t("Accepted only ({count})", { count: counts.accepted }) }] : []),
    ];
    fill(field, ...offers.map(({ value, title }) => h("option", { value }, title)));
    if (offers.some(({ value }) => value === before)) field.value = before;
  }

  return {
    label,
    field,
    /** What there is now; what is selected is what is meant. */
    offer() {
      const mine = ++turn;
      ids = [...picked.peek()];
      listed = selection.peek();
      named = null;
      show(project.counts);
      field.value = ids.length ? "picked" : "all";
      api.project(project.id).then(
        ({ counts }) => mine === turn && show(counts),
        () => {}, // checking what the format keeps will say it
      );
    },
    /** @returns {Promise<ExportOptions>} */
    async options() {
      if (field.value === "done" || field.value === "accepted") return { chosen: { state: field.value } };
      if (field.value === "listed") return { chosen: listed };
      if (field.value !== "picked") return {};
      named ??= api.selectImages(project.id, ids).catch((error) => {
        named = null;
        throw error;
      });
      return { selected: await named };
    },
  };
}
