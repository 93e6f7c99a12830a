/** What is said of an object that is being edited elsewhere. */

import { t } from "../../core/text.js";

/** Why an object cannot be changed now. @param {import("../sync/presence.js").Person|null} person  null: another page of one's own @param {string} label */
export function takenSentence(person, label) {
  return person ? t("{name} is editing {label}.", { name: person.name, label }) : t("You are editing {label} in another tab.", { label });
}
