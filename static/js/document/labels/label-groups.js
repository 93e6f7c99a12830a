/** Labels in groups: by the group a label was given or came with, or by what stands before the slash in its name. Pure. */

/** @typedef {Pick<import("../../core/types.js").LabelClass, 'name'|'group'>} Grouped */

/** @param {Grouped} label @returns {string} empty: none */
export function groupOf({ name, group }) {
  return group || (name.includes("/") ? name.slice(0, name.lastIndexOf("/")).trim() : "");
}

/** Its name as it stands under its group. @param {Grouped} label */
export function nameInGroup(label) {
  const group = groupOf(label);
  return group && label.name.startsWith(`${group}/`) ? label.name.slice(group.length + 1).trim() || label.name : label.name;
}

/**
 * Groups in the order they are met, those without one first; a single group tells nothing and counts as none.
 * @template {Grouped} L
 * @param {readonly L[]} labels @returns {Array<{group: string, labels: L[]}>}
 */
export function inGroups(labels) {
  /** @type {Map<string, L[]>} */
  const groups = new Map([["", []]]);
  for (const label of labels) {
    const group = groupOf(label);
    groups.set(group, [...(groups.get(group) ?? []), label]);
  }
  if (groups.size === 2 && !groups.get("")?.length) return [{ group: "", labels: [...labels] }];
  return [...groups].filter(([, some]) => some.length).map(([group, some]) => ({ group, labels: some }));
}
