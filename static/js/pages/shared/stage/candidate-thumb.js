/** One of the candidates in the bar: its mask in the part of the picture that all share, with what its ratings are called. */

import { t } from "../../../core/text.js";
import { cropAround, extentsOf } from "../../../geometry/extents.js";
import { frameUnder } from "../../../geometry/frames.js";
import { drawThumbnail } from "../../../editor/render/thumbnail.js";
import { h } from "../dom.js";
import { score } from "../format.js";

/** @typedef {import("../../../core/types.js").Candidate} Candidate */
/** @typedef {import("../../../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../../../core/types.js").Prompt} Prompt */

const THUMB = Object.freeze({ width: 80, height: 54 });
const SHARPER = 2; // canvas pixels for a pixel of the page

/** @param {Candidate} candidate @param {ImageInfo} target */
export const frameOf = ({ lowRes }, target) => frameUnder(lowRes.resize, lowRes, target);

/** Points and box of a prompt as boxes of the image frame. @param {Prompt} prompt */
export function marksOf({ points, box }) {
  const at = points.map(({ x, y }) => /** @type {import("../../../core/types.js").Box} */ ([x, y, x, y]));
  return box ? [...at, box] : at;
}

/**
 * Which one the network rates highest, if that is not the one shown first and the numbers that people see differ. The mask
 * of before was an answer to less.
 * @param {readonly Candidate[]} candidates @param {number} first @returns {number|null}
 */
export function ratedAbove(candidates, first) {
  const rating = (/** @type {number} */ i) => (candidates[i].previous ? -1 : candidates[i].predictedIou);
  const best = candidates.reduce((most, _, i) => (rating(i) > rating(most) ? i : most), first);
  return score(rating(best)) === score(candidates[first].predictedIou) ? null : best;
}

/** @param {Candidate} candidate @param {{index: number, count: number, top: boolean}} among @param {ImageInfo|null} target */
export function nameOf({ predictedIou, areaFraction, previous, lowRes: { within } }, { index, count, top }, target) {
  const part = within && target ? (within.width * within.height) / (target.width * target.height) : 1;
  const share = Math.max(1, Math.round(100 * areaFraction * part));
  const said = { number: index + 1, count, iou: score(predictedIou), share };
  const name = t("Candidate {number} of {count}, predicted IoU {iou}, {share}% of the image", said);
  if (previous) return t("{name}, the mask before your last click", { name });
  return top ? t("{name}, rated highest by the model", { name }) : name;
}

/** The part of the picture to show all candidates in. @param {readonly Candidate[]} all @param {Prompt} prompt @param {ImageInfo} target */
export function sharedCrop(all, prompt, target) {
  const boxes = all.map((each) => extentsOf(each.lowRes, frameOf(each, target)).most).filter((box) => box !== null);
  return cropAround(boxes, marksOf(prompt), target, THUMB.width / THUMB.height);
}

/**
 * @param {Candidate} candidate
 * @param {{index: number, count: number, top: boolean}} among  top: rated highest, though another is shown first
 * @param {{target: ImageInfo|null, part: import("../../../geometry/extents.js").Part|null, choose: () => void}} show
 */
export function candidateThumb(candidate, among, { target, part, choose }) {
  const canvas = h("canvas", { width: THUMB.width * SHARPER, height: THUMB.height * SHARPER, "aria-hidden": "true" });
  const [iou, stability] = [score(candidate.predictedIou), score(candidate.stability)];
  const lines = [
    t("Predicted IoU {iou}: how well the model expects this mask to fit.", { iou }),
    t("Stability {stability}: how little the mask changes when its threshold does.", { stability }),
  ];
  if (candidate.previous) lines.unshift(t("The mask before your last click."));
  if (among.top) lines.unshift(t("The model's own guess rates this mask highest. The one shown first is more stable, fits your clicks or box better, or is what you last chose for this label. Either may be the better one."));
  const element = h(
    "button",
    {
      type: "button",
      class: "thumb",
      role: "radio",
      "aria-label": nameOf(candidate, among, target),
      title: lines.join("\n"),
      onclick: choose,
    },
    h(
      "span",
      { class: "thumb-picture" },
      canvas,
      candidate.previous ? h("span", { class: "tag" }, t("Previous")) : null,
      among.top ? h("span", { class: "tag" }, t("Highest rated")) : null,
      h("kbd", { class: "tab-hint", "aria-hidden": "true" }, "Tab"),
    ),
    h("span", { class: "rating" }, h("b", {}, iou), ` ${t("IoU")}`),
    h("span", { class: "rating stability" }, h("b", {}, stability), ` ${t("stability")}`),
  );
  return {
    element,
    /** @param {HTMLImageElement|null} picture @param {import("../../../editor/render/layers.js").CandidateLook} look */
    draw(picture, look) {
      if (target && part) drawThumbnail(canvas, candidate.lowRes, part, target, picture, look);
    },
  };
}
