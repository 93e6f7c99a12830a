/** What each figure of agreement is called, and what it means. */

import { t } from "../../core/text.js";
import { h } from "../shared/dom.js";
import { score } from "../shared/format.js";

/** @typedef {import("../../core/api-types.js").Figures} Figures */
/** @typedef {"agreement"|"f1"|"iou"|"boundary_iou"|"alpha"} FigureName */
/** @typedef {{name: FigureName, title: string, about: string}} Figure */

/** @type {readonly Figure[]} */
export const FIGURES = Object.freeze([
  {
    name: "agreement",
    title: t("Agreement"),
    about: t("1 when people have the same objects, with the same labels and the same pixels (panoptic quality)"),
  },
  { name: "f1", title: t("Same objects"), about: t("How many objects both found, whatever their labels (F1 at a mask IoU of 0.5)") },
  { name: "iou", title: t("Mask IoU"), about: t("How well the masks of an object cover each other, on average") },
  { name: "boundary_iou", title: t("Boundary IoU"), about: t("The same along the edges only, which large objects need") },
  { name: "alpha", title: t("Labels"), about: t("How far labels agree beyond chance (Krippendorff's alpha): 1 all, 0 as if by chance") },
]);

/** @param {number|null} value  null: there is nothing to tell it from */
export const figure = (value) => (value === null ? "–" : value < 0 ? value.toFixed(2).replace("-", "−") : score(value));

/** Cells of a row of figures. @param {Figures} figures */
export const figureCells = (figures) => FIGURES.map(({ name }) => h("td", {}, figure(figures[name])));

/** Headings over them. */
export const figureHeadings = () => FIGURES.map(({ title, about }) => h("th", { scope: "col", title: about }, title));
