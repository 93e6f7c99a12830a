/** Comments: begun at the pointer, and gone through by key. */

import { t } from "../../core/text.js";

/** @typedef {import("./action.js").Action} Action */

/** @type {Action} */
export const addComment = {
  id: "comment",
  title: t("Comment at the pointer"),
  group: t("Comments"),
  keys: ["Shift+C"],
  enabled: ({ doc }) => doc.image.value !== null,
  perform({ doc, editor, commentWish }) {
    const { viewport } = editor;
    commentWish.value = { begin: viewport.clip(editor.cursor.peek() ?? doc.presence.pointer() ?? viewport.middle()) };
  },
};

/** @type {Action} */
export const nextComment = {
  id: "next-comment",
  title: t("Next open comment"),
  group: t("Comments"),
  keys: ["Shift+N"],
  enabled: ({ doc }) => doc.image.value !== null,
  perform({ commentWish }) {
    commentWish.value = { next: true };
  },
};
