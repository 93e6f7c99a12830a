/** Roles in words. */

import { t } from "../../../core/text.js";

/** @typedef {import("../../../core/roles.js").Role} Role */

/** @type {Readonly<Record<Role, string>>} */
export const ROLE_NAMES = Object.freeze({
  viewer: t("Viewer"),
  annotator: t("Annotator"),
  reviewer: t("Reviewer"),
  manager: t("Manager"),
  owner: t("Owner"),
});

/** What each may do, in a line. @type {Readonly<Record<Role, string>>} */
export const ROLE_ABOUT = Object.freeze({
  viewer: t("Can view images and objects, but not change anything."),
  annotator: t("Can draw and edit objects and set image states."),
  reviewer: t("Can also accept or return images that are done, and see how alike people segment."),
  manager: t("Can also add and remove images, edit labels and settings, import, export and manage members."),
  owner: t("Can also delete the project and name other owners."),
});
