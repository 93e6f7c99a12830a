/** What people are in a project: each role may do what those before it may. The server decides; pages only follow. */

/** @typedef {import("./api-types.js").Member["role"]} Role */

/** @type {readonly Role[]} */
export const ROLES = Object.freeze(["viewer", "annotator", "reviewer", "manager", "owner"]);

/** Whether a role is at least another. @param {Role} role @param {Role} least */
export const reaches = (role, least) => ROLES.indexOf(role) >= ROLES.indexOf(least);
