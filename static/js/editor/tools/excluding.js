/** Of nothing, nothing can be excluded: what tools that say prompts ask and tell. */

import { t } from "../../core/text.js";

/** @typedef {import("./tool.js").Session} Session */

/** @param {Session} session @param {import("./tool.js").Press} press */
export function excludesNothing({ prompting }, press) {
  return press.exclude && prompting.empty.peek();
}

/** @param {Session} session */
export function refuseToExclude(session) {
  session.refuse(t("Include something first, then exclude what doesn't belong."));
}
