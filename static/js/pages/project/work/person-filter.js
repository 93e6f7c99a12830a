/** The filter by person: whose images they are to work on, or who made or changed objects on them. */

import { reaches } from "../../../core/roles.js";
import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { fill, h } from "../../shared/dom.js";

/** @typedef {import("../../../net/projects-api.js").Selection} Selection */
/** @typedef {import("../../shared/project-people.js").People} People */

export const NOBODY = "nobody"; // as the server calls it

/** @param {Selection} selection @param {Pick<People, "nameOf"|"self">} people @returns {string} empty: no person matters */
export function personFilter({ assigned, person }, { nameOf, self }) {
  if (assigned === NOBODY) return t("Unassigned");
  if (assigned) return assigned === self ? t("My images") : t("Assigned to: {name}", { name: nameOf(assigned) });
  return person ? t("Worked on by: {name}", { name: nameOf(person) }) : "";
}

/**
 * @param {{readonly value: Selection}} selection @param {People} people
 * @param {(changes: Selection) => void} change
 */
export function createPersonFilter(selection, people, change) {
  const element = h("select", { class: "field boxed", "aria-label": t("Person"), hidden: !people.isTeam });
  element.addEventListener("change", () => {
    const [kind = "", id = ""] = element.value.split(":");
    change({ assigned: kind === "assigned" ? id : "", person: kind === "person" ? id : "" });
  });

  /** @param {string} kind @param {{id: string, name: string}} who */
  const option = (kind, { id, name }) => h("option", { value: `${kind}:${id}` }, name);

  effect(() => {
    const { assigned = "", person = "" } = selection.value;
    const members = people.members.value;
    const chosen = assigned || person;
    const left = chosen && chosen !== NOBODY && !members.some(({ id }) => id === chosen);
    const all = left ? [...members, { id: chosen, name: people.nameOf(chosen), role: /** @type {const} */ ("annotator") }] : members;
    const workers = all.filter(({ role }) => reaches(role, "annotator"));
    const mine = workers.some(({ id }) => id === people.self);
    fill(
      element,
      h("option", { value: "" }, t("Person")),
      mine && option("assigned", { id: people.self, name: t("My images") }),
      option("assigned", { id: NOBODY, name: t("Unassigned") }),
      h("optgroup", { label: t("Assigned to") }, ...workers.filter(({ id }) => id !== people.self).map((who) => option("assigned", who))),
      h("optgroup", { label: t("Worked on by") }, ...all.map((who) => option("person", who))),
    );
    element.value = assigned ? `assigned:${assigned}` : person ? `person:${person}` : "";
  });
  return element;
}
