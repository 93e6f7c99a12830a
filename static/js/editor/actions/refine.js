/** Taking up the mask of an object again. */

import { t } from "../../core/text.js";

/** @typedef {import("./action.js").Action} Action */

/** @type {Action} */
export const refineObject = {
  id: "refine-object",
  title: t("Refine the selected object"),
  group: t("Objects"),
  keys: ["R"],
  enabled: ({ doc }) => doc.objects.selected.value !== null && doc.refined.value === null,
  perform({ doc, tools }) {
    const id = doc.objects.selectedId.peek();
    if (id === null || !doc.refine(id)) return;
    const prompting = tools.active.peek().prompts ? undefined : tools.list.find(({ prompts }) => prompts);
    if (prompting) tools.select(prompting.id);
  },
};
