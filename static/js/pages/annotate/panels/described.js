/** Objects in words: what a row of the list says to somebody who does not see the picture. */

import { t } from "../../../core/text.js";

/** @typedef {import("../../../core/types.js").Annotation} Annotation */
/** @typedef {{width: number, height: number}} Size  image pixels */

const PLACES = Object.freeze([
  [t("upper left"), t("top"), t("upper right")],
  [t("left"), t("centre"), t("right")],
  [t("lower left"), t("bottom"), t("lower right")],
]);

/** Which ninth of the picture holds the middle of a box. @param {Annotation['bbox']} bbox @param {Size} size */
export function placeOf([x, y, width, height], size) {
  const third = (/** @type {number} */ at, /** @type {number} */ whole) =>
    Math.min(2, Math.max(0, Math.floor((3 * at) / Math.max(1, whole))));
  return PLACES[third(y + height / 2, size.height)][third(x + width / 2, size.width)];
}

/** @param {number} area image pixels @param {Size} size @returns {string} "12%" */
export function shareOf(area, { width, height }) {
  const percent = (100 * area) / Math.max(1, width * height);
  const text = percent >= 9.95 ? percent.toFixed(0) : percent >= 0.05 ? percent.toFixed(1) : "< 0.1";
  return `${text}%`;
}

/**
 * @param {Annotation} annotation @param {Size} size
 * @param {{number: number, latest: boolean, hidden: boolean, locked: boolean, unsaved: boolean, missing: readonly string[]}} state
 */
export function described({ label, area, bbox }, size, { number, latest, hidden, locked, unsaved, missing }) {
  const said = { label, share: shareOf(area, size), place: placeOf(bbox, size) };
  return [
    t("{label}, {share} of the image, {place}", said),
    t("number {number}", { number }),
    latest && t("accepted last"),
    hidden && t("hidden"),
    locked && t("locked"),
    unsaved && t("not saved"),
    missing.length > 0 && t("missing: {attributes}", { attributes: missing.join(t(", ")) }),
  ]
    .filter(Boolean)
    .join(t(", "));
}
