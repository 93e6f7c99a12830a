/** What a reviewer does with an image that is done. */

import { t } from "../../core/text.js";

/** @typedef {import("./action.js").Action} Action */

/** @type {Action} */
export const acceptImage = {
  id: "accept-image",
  title: t("Accept image and next"),
  group: t("Review"),
  keys: ["Shift+A"],
  enabled: ({ review }) => review.can.value,
  perform: ({ review }) => review.accept(),
};

/** @type {Action} */
export const returnImage = {
  id: "return-image",
  title: t("Return image and next"),
  group: t("Review"),
  keys: ["Shift+B"],
  enabled: ({ review }) => review.can.value,
  perform({ review }) {
    review.asking.value = true;
  },
};

/** @type {Action} */
export const undoReview = {
  id: "undo-review",
  title: t("Undo the last decision"),
  group: t("Review"),
  keys: ["Shift+Z"],
  enabled: ({ review }) => review.canUndo.value,
  perform: ({ review }) => void review.undo(),
};
