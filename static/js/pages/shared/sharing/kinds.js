/** What who follows a link can do, in words. */

import { t } from "../../../core/text.js";

/** @typedef {import("../../../net/account.js").LinkKind} LinkKind */

/** @type {Readonly<Record<LinkKind, string>>} */
export const KIND_NAMES = Object.freeze({ view: t("View"), try: t("Try"), annotate: t("Annotate"), review: t("Review") });

/** In a line. @type {Readonly<Record<LinkKind, string>>} */
export const KIND_ABOUT = Object.freeze({
  view: t("Visitors look at images and objects, and change nothing."),
  try: t("Visitors segment with clicks in their own browser. Nothing is saved."),
  annotate: t("Visitors add and edit objects, saved under the name they give."),
  review: t("Visitors also accept and return images that are done."),
});

export const LINK_KINDS = /** @type {readonly LinkKind[]} */ (Object.freeze(Object.keys(KIND_NAMES)));
