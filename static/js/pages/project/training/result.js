/** What came of a training: figures before and after, the hardest objects, its report, and which segmenter the project uses. */

import { counted, t } from "../../../core/text.js";
import { projectAddress } from "../../shared/address.js";
import { fill, h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { clicks, figure, signed, signedClicks } from "./words.js";

/** @typedef {import("../../../core/api-types.js").Training} Training */
/** @typedef {NonNullable<Training["result"]>} Result */
/** @typedef {Result["before"]} Figures */

const ROWS = /** @type {ReadonlyArray<{title: string, of: (figures: Figures) => number|null, less?: boolean}>} */ (
  Object.freeze([
    ...[0, 1, 2, 3, 4].map((number) => ({
      title: number ? t("Mean IoU after {count} clicks", { count: number + 1 }) : t("Mean IoU after 1 click"),
      of: (/** @type {Figures} */ { miou }) => miou[number] ?? null,
    })),
    { title: t("Clicks to IoU 0.85"), of: (/** @type {Figures} */ { noc_85: count }) => count, less: true },
    { title: t("Clicks to IoU 0.90"), of: (/** @type {Figures} */ { noc_90: count }) => count, less: true },
    { title: t("Mean IoU with a box"), of: (/** @type {Figures} */ { box }) => box },
    { title: t("Boundary IoU after 1 click"), of: (/** @type {Figures} */ { boundary }) => boundary },
  ])
);

/**
 * @param {object} parts
 * @param {string} parts.projectId
 * @param {(id: string) => string} parts.reportUrl
 * @param {(segmenter: string) => void} parts.use  in the project
 */
export function createResult({ projectId, reportUrl, use }) {
  const element = h("div", { class: "training-result", hidden: true });

  /**
   * @param {Training} training
   * @param {{used: string, titles: ReadonlyMap<string, string>}} now  the project's segmenter; titles of those installed, by id
   */
  function show(training, { used, titles }) {
    const { result } = training;
    element.hidden = !result;
    if (!result) return;
    const { images, objects } = result;
    const usable = result.installed && titles.has(training.segmenter);
    const isUsed = used === training.segmenter;
    const base = titles.get(training.base);
    fill(
      element,
      h(
        "div",
        { class: "training-actions" },
        usable && !isUsed && button(t("Use in this project"), () => use(training.segmenter), "primary"),
        usable && isUsed && h("span", { class: "training-used" }, icon("check"), t("In use")),
        base !== undefined && isUsed && button(t("Revert to {segmenter}", { segmenter: base }), () => use(training.base)),
        h("a", { class: "button", href: reportUrl(training.id), target: "_blank", rel: "noopener" }, icon("book"), t("Open the report")),
      ),
      h("p", { class: "muted" }, t("Trained on {learned} Evaluated on {measured}", { learned: amount(images.training, objects.training), measured: amount(images.held_out, objects.held_out) })),
      table(result),
      ...hardest(result),
    );
  }

  /** @param {Result} result */
  function table({ before, after }) {
    const rows = ROWS.map(({ title, of, less }) => {
      const [old, now] = [of(before), of(after)];
      const change = old === null || now === null ? null : now - old;
      const cell = h("td", { class: "training-change" }, change === null ? "–" : less ? signedClicks(change) : signed(change));
      if (change !== null && Math.abs(change) >= 0.0005) set(cell, { "data-better": String(less ? change < 0 : change > 0) });
      return h("tr", {}, h("th", { scope: "row" }, title), h("td", {}, less ? clicks(old) : figure(old)), h("td", {}, less ? clicks(now) : figure(now)), cell);
    });
    const heads = [t("Held-out images"), t("Before"), t("After"), t("Change")].map((title) => h("th", { scope: "col" }, title));
    return h("div", { class: "training-scroll" }, h("table", { class: "training-table" }, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...rows)));
  }

  /** @param {Result} result */
  function hardest({ worst }) {
    if (!worst.length) return [];
    const rows = worst.map(({ image, object, before, after }) =>
      h(
        "li",
        {},
        h("a", { href: `${projectAddress(projectId)}?search=${encodeURIComponent(image)}` }, image),
        h("span", {}, object),
        h("span", { class: "training-pair" }, `${figure(before)} → ${figure(after)}`),
      ),
    );
    return [h("h3", {}, t("Hardest objects, IoU after one click")), h("ul", { class: "training-hardest" }, ...rows)];
  }

  return { element, show };
}

/** @param {number} images @param {number} objects */
const amount = (images, objects) => t("{images}, {objects}.", { images: counted(images, "{count} image", "{count} images"), objects: counted(objects, "{count} object", "{count} objects") });

/** @param {string} title @param {() => void} perform @param {string} [kind] */
const button = (title, perform, kind = "") => h("button", { type: "button", class: `button ${kind}`, onclick: perform }, title);
