/** Who made the selected object and who changed it last, below the list; nothing where the server has no accounts. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { VISIT } from "../../../net/account.js";
import { h } from "../../shared/dom.js";
import { actionButton } from "../action-button.js";

/** @typedef {Pick<import("../../shared/project-people.js").People, "isTeam"|"nameOf">} People */
/** @typedef {Pick<import("../../../core/types.js").Annotation, "created_by"|"updated_by">} Made */

/** @param {Made} made @param {Pick<People, "nameOf">} people */
export function authorsOf({ created_by, updated_by }, { nameOf }) {
  const [maker, name] = [nameOf(created_by), nameOf(updated_by)];
  if (maker && name && created_by !== updated_by) return t("By {maker}, last changed by {name}", { maker, name });
  if (maker) return t("By {maker}", { maker });
  return name && t("Last changed by {name}", { name });
}

/** With a button for the history. @param {import("../../../editor/actions/action.js").App} app @param {People} people */
export function createAuthors(app, people) {
  const line = h("p", { class: "muted" });
  effect(() => {
    const object = app.doc.objects.selected.value;
    line.textContent = (people.isTeam && object && authorsOf(object, people)) || "\u00a0"; // its place is kept: selecting an object moves nothing
    line.title = line.textContent.trim();
  });
  return h("div", { class: "object-authors" }, line, VISIT ? null : actionButton(app, "history", "history"));
}
