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
  enabled: ({ session }) => !session.prompting.empty.value,
  perform: ({ session }) => void session.accept(),
};

/** @type {Action} */
export const cancel = {
  id: "cancel",
  title: t("Clear prompt or selection"),
  group: t("Mask"),
  keys: ["Escape"],
  enabled: always, // a tool may be half way
  perform({ session, tools }) {
    if (tools.active.peek().cancel()) return;
    if (!session.prompting.empty.peek()) {
      session.prompting.cancel();
      session.said.value = t("Prompt cleared. Undo to restore it.");
    } else if (session.objects.selectedId.peek()) session.objects.select(null);
    else session.cursor.value = null;
  },
};

/** @type {Action} */
export const nextCandidate = {
  id: "next-candidate",
  title: t("Next candidate"),
  group: t("Mask"),
  keys: ["Tab"],
  onStage: true,
  enabled: ({ session }) => (session.prompting.answer.value?.decoded.candidates.length ?? 0) > 1,
  perform: ({ session }) => session.prompting.cycle(1),
};

/** @type {Action} */
export const previousCandidate = {
  ...nextCandidate,
  id: "previous-candidate",
  title: t("Previous candidate"),
  keys: ["Shift+Tab"],
  perform: ({ session }) => session.prompting.cycle(-1),
};

/** @type {Action} */
export const toggleExclude = {
  id: "toggle-exclude",
  title: t("Toggle click mode (include or exclude)"),
  group: t("Mask"),
  keys: ["X"],
  enabled: ({ session }) => !session.prompting.empty.value,
  perform({ session }) {
    session.excluding.value = !session.excluding.peek();
    session.said.value = session.excluding.peek() ? t("Click mode: exclude.") : t("Click mode: include.");
  },
};
