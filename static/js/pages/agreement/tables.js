/** The figures of a project: all of them together, and by person, pair and label. */

import { counted, t } from "../../core/text.js";
import { fill, h } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { FIGURES, figure, figureCells, figureHeadings } from "./figures.js";

/** @typedef {import("../../core/api-types.js").AgreementReport} AgreementReport */
/** @typedef {import("../../core/types.js").LabelClass} LabelClass */

/** @param {string} href */
export const csvLink = (href) =>
  h("a", { class: "button quiet", href, download: true, title: t("Download as CSV") }, icon("download"), h("span", {}, "CSV"));

/**
 * @param {object} parts
 * @param {(sheet: "people"|"pairs"|"labels"|"images") => string} parts.sheetUrl
 * @param {(person: string) => string} parts.nameOf
 * @param {(label: string) => LabelClass|undefined} parts.labelOf
 */
export function createTables({ sheetUrl, nameOf, labelOf }) {
  const summary = h("dl", { class: "agreement-summary" });
  const people = section("people", t("People"));
  const pairs = section("pairs", t("Pairs of people"));
  const labels = section("labels", t("Labels"));
  const element = h("div", { class: "agreement-tables" }, people.element, pairs.element, labels.element);

  /** @param {"people"|"pairs"|"labels"} id @param {string} title */
  function section(id, title) {
    const head = h("thead");
    const body = h("tbody");
    const table = h("table", { class: "agreement-table", "aria-labelledby": `agreement-${id}` }, head, body);
    return {
      element: h(
        "section",
        { class: "agreement-part" },
        h("div", { class: "agreement-head" }, h("h2", { id: `agreement-${id}` }, title), csvLink(sheetUrl(id))),
        h("div", { class: "agreement-scroll" }, table),
      ),
      /** @param {Node[]} headings @param {HTMLTableRowElement[]} rows */
      show(headings, rows) {
        fill(head, h("tr", {}, ...headings));
        fill(body, ...rows);
      },
    };
  }

  /** @param {string} title @param {string} [about] */
  const heading = (title, about) => h("th", { scope: "col", title: about }, title);
  /** @param {import("../shared/dom.js").Child[]} name @param {HTMLElement[]} cells */
  const row = (name, cells) => h("tr", {}, h("th", { scope: "row" }, ...name), ...cells);
  /** @param {string} text @param {string} [title] */
  const cell = (text, title) => h("td", { title }, text);

  /** @param {import("../../core/api-types.js").GoldScore|null} gold */
  function goldCell(gold) {
    if (!gold) return cell("–");
    const images = counted(gold.images, "{count} gold image", "{count} gold images");
    const title = t("{images}: mask IoU {iou}, same label {label}; {missed} missed, {extra} extra", {
      images,
      iou: figure(gold.iou),
      label: figure(gold.same_label),
      missed: gold.missed,
      extra: gold.extra,
    });
    return cell(figure(gold.f1), title);
  }

  /** @param {string} id */
  function labelName(id) {
    const label = labelOf(id);
    const dot = h("span", { class: "dot" });
    dot.style.setProperty("--color", label?.color ?? "transparent");
    return [dot, h("span", {}, label?.name ?? t("Deleted label"))];
  }

  return {
    summary,
    element,
    /** @param {AgreementReport} report */
    show(report) {
      fill(
        summary,
        h("div", {}, h("dt", {}, t("Images")), h("dd", {}, String(report.images))),
        ...FIGURES.map(({ name, title, about }) => h("div", { title: about }, h("dt", {}, title), h("dd", {}, figure(report.figures[name])))),
      );
      const gold = heading(t("Gold"), t("How many of the true objects of gold images they found (F1)"));
      people.show(
        [heading(t("Name")), heading(t("Images")), ...figureHeadings(), gold],
        [...report.people].sort((a, b) => nameOf(a.account).localeCompare(nameOf(b.account))).map((each) => row([nameOf(each.account)], [cell(String(each.images)), ...figureCells(each.figures), goldCell(each.gold)])),
      );
      pairs.show(
        [heading(t("Names")), heading(t("Images")), ...figureHeadings()],
        report.pairs.map((each) => row([`${nameOf(each.first)} · ${nameOf(each.second)}`], [cell(String(each.images)), ...figureCells(each.figures)])),
      );
      labels.show(
        [heading(t("Label")), heading(t("Compared"), t("Objects of this label, once for each pair of people")), ...figureHeadings(), heading(t("Confused with"), t("What others called the same objects"))],
        report.labels.map((each) =>
          row(labelName(each.label), [
            cell(String(each.figures.objects)),
            ...figureCells(each.figures),
            cell(each.confused.map(({ label, count }) => `${labelOf(label)?.name ?? t("Deleted label")} ${count}`).join(t(", ")) || "–"),
          ]),
        ),
      );
      pairs.element.hidden = report.pairs.length === 0;
      labels.element.hidden = report.labels.length === 0;
    },
  };
}
