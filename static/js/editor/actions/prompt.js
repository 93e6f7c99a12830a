/** Actions on the mask being made. */

import { t } from "../../core/text.js";
import { always } from "./action.js";

/** @typedef {import("./action.js").Action} Action */

/** @type {Action} */
export const accept = {
  id: "accept",
  title: t("Accept mask"),
  group: t("Mask"),
  keys: ["Enter", "N"],
  enabled: ({ doc }) => !doc.prompting.empty.value,
  perform: ({ doc }) => void doc.accept(),
};

/** @type {Action} */
export const cancel = {
  id: "cancel",
  title: t("Clear prompt or selection"),
  group: t("Mask"),
  keys: ["Escape"],
  enabled: always, // a tool may be half way
  perform({ doc, tools }) {
    if (tools.active.peek().cancel()) return;
    if (!doc.prompting.empty.peek()) {
      doc.prompting.cancel();
      return { say: t("Prompt cleared. Undo to restore it.") };
    }
    if (doc.objects.selectedId.peek()) return { selected: [] };
  },
};

/** @type {Action} */
export const nextCandidate = {
  id: "next-candidate",
  title: t("Next candidate"),
  group: t("Mask"),
  keys: ["Tab"],
  onStage: true,
  enabled: ({ doc }) => (doc.prompting.answer.value?.decoded.candidates.length ?? 0) > 1,
  perform: ({ doc }) => doc.prompting.cycle(1),
};

/** @type {Action} */
export const previousCandidate = {
  ...nextCandidate,
  id: "previous-candidate",
  title: t("Previous candidate"),
  keys: ["Shift+Tab"],
  perform: ({ doc }) => doc.prompting.cycle(-1),
};

/** @type {Action} */
export const toggleExclude = {
  id: "toggle-exclude",
  title: t("Toggle click mode (include or exclude)"),
  group: t("Mask"),
  keys: ["X"],
  enabled: ({ doc }) => !doc.prompting.empty.value,
  perform({ editor }) {
    const excludes = !editor.excluding.peek();
    editor.excluding.value = excludes;
    return { say: excludes ? t("Click mode: exclude.") : t("Click mode: include.") };
  },
};
