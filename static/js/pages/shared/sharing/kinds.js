/** What who follows a link can do, in words. */

import { t } from "../../../core/text.js";

/** @typedef {import("../../../net/account.js").LinkKind} LinkKind */

/** @type {Readonly<Record<LinkKind, string>>} */
export const KIND_NAMES = Object.freeze({ view: t("View only"), try: t("Try"), annotate: t("Annotate"), review: t("Review") });

/** In a line. @type {Readonly<Record<LinkKind, string>>} */
export const KIND_ABOUT = Object.freeze({
  view: t("Visitors see images and objects but can't change them."),
  try: t("Visitors segment objects in their browser. Nothing is saved."),
  annotate: t("Visitors add and edit objects under the name they enter."),
  review: t("Visitors annotate, and accept or return finished images."),
});

export const LINK_KINDS = /** @type {readonly LinkKind[]} */ (Object.freeze(Object.keys(KIND_NAMES)));
