/** What merging a label into another will do, before it is done. */

import { counted, t } from "../../../core/text.js";

/** @param {number|null} count  objects that have it, on all images; null: not known @param {string} other  name of the other label */
export function mergingText(count, other) {
  const final = t("This can't be undone.");
  if (count === null) return `${t("All objects with this label, on every image, get the label {other}.", { other })} ${final}`;
  if (count === 0) return `${t("No object has this label.")} ${final}`;
  return `${counted(count, "{count} object, counting all images, gets the label {other}.", "{count} objects, counting all images, get the label {other}.", { other })} ${final}`;
}
