/** Of nothing, nothing can be excluded: what tools that say prompts ask and tell. */

import { t } from "../../core/text.js";

/** @typedef {import("./tool.js").Document} Document */

/** @param {Document} doc @param {import("./tool.js").Press} press */
export function excludesNothing({ prompting }, press) {
  return press.exclude && prompting.empty.peek();
}

/** @param {Document} doc */
export function refuseToExclude(doc) {
  doc.refuse(t("Include something first, then exclude what doesn't belong."));
}
