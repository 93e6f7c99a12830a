/** What a format cannot carry, told before anything is written: how many objects lose what, and which ones. */

import { counted, t } from "../../core/text.js";
import { fill, h } from "../shared/dom.js";
import { icon } from "../shared/icons.js";

/** @typedef {import("../../net/projects-api.js").Losses} Losses */

const MOST_SHOWN = 100;
const KINDS = Object.freeze(
  /** @type {Record<string, string>} */ ({
    holes: t("Holes are filled or cut open"),
    parts: t("Separate parts are merged or split"),
    attributes: t("Attributes are not exported"),
    score: t("Scores are not exported"),
    name: t("File names change"),
    prompts: t("Prompts are not exported"),
    label: t("Labels are not exported"),
    pixels: t("Pixels differ"),
  }),
);

/** @param {HTMLElement} parent @param {Losses} losses */
export function showLosses(parent, { counts, losses }) {
  const kinds = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  if (!kinds.length) {
    fill(
      parent,
      h("p", { class: "no-losses" }, icon("check"), t("Lossless: this format keeps everything.")),
    );
    return;
  }
  const groups = kinds.map(([kind, count]) => {
    const some = losses.filter((loss) => loss.kind === kind);
    const items = some
      .slice(0, MOST_SHOWN)
      .map(({ image, what }) => h("li", {}, h("b", {}, image), " ", what));
    const rest = count - items.length;
    if (rest > 0) items.push(h("li", { class: "muted" }, t("… and {count} more", { count: rest })));
    return h(
      "details",
      { "data-kind": kind },
      h("summary", {}, KINDS[kind] ?? kind, " ", h("span", { class: "count" }, String(count))),
      h("ul", { class: "problems" }, ...items),
    );
  });
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  fill(
    parent,
    h(
      "p",
      {},
      counted(
        total,
        "This format loses information in {count} place:",
        "This format loses information in {count} places:",
      ),
    ),
    ...groups,
    h("p", { class: "muted" }, t("Your project is unaffected; only the export is.")),
  );
}
