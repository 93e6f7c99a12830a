/** Proposals, whose code and style come when somebody takes up their tool, or with an image that has some already. */

import { sentenceOf } from "../../../core/errors.js";
import { effect, untracked } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { styled } from "../../shared/styled.js";

/** @typedef {import("../../../editor/actions/action.js").App} App */
/**
 * @typedef {object} Parts
 * @property {import("../../../net/api.js").Api} api
 * @property {HTMLElement} room  the stage
 * @property {import("../../../editor/render/pointing.js").Pointing} pointing
 */

/** @param {App} app @param {Parts} parts */
export function createProposals(app, parts) {
  const { doc, editor } = app;
  const { proposing } = editor;
  let asked = false;

  async function load() {
    if (asked || !proposing) return;
    asked = true;
    try {
      const [{ createMode }] = await Promise.all([import("./mode.js"), styled("css/later/proposals.css")]);
      createMode(app, proposing, parts);
    } catch (error) {
      asked = false; // the next wish tries again
      doc.refuse(t("Couldn't load proposals. {reason}", { reason: sentenceOf(error) }));
    }
  }

  effect(() => {
    const ahead = doc.image.value !== null && doc.project.value.settings.propose_ahead;
    if (!doc.readOnly && (proposing?.inHand.value || ahead)) untracked(() => void load());
  });
}
