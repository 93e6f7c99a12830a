/** Where a trained segmenter comes from, as people read it. */

import { counted, t } from "../../core/text.js";

/** @typedef {import("../../core/types.js").SegmenterInfo} SegmenterInfo */

/**
 * The segmenter it was trained from; null where there is none, or it is not installed any more.
 * @param {SegmenterInfo} segmenter @param {readonly SegmenterInfo[]} installed
 */
export const baseOf = ({ trained_from }, installed) => installed.find(({ id }) => id === trained_from?.segmenter) ?? null;

/** "" for one that was not trained here. @param {SegmenterInfo} segmenter @param {readonly SegmenterInfo[]} installed */
export function lineageOf(segmenter, installed) {
  const from = segmenter.trained_from;
  if (!from) return "";
  const base = baseOf(segmenter, installed)?.title ?? from.segmenter;
  if (from.images === null) return t("Trained from {segmenter}", { segmenter: base });
  return counted(from.images, "Trained from {segmenter} on {count} image", "Trained from {segmenter} on {count} images", { segmenter: base });
}
