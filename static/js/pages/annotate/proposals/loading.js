/**
 * Proposals, whose code and style come when somebody takes up their tool, or with an image that has some already. What that
 * bundles of signals is not the page's own, so it is given the page's.
 */

import { staticUrl } from "../../../core/address.js";
import { sentenceOf } from "../../../core/errors.js";
import { batch, computed, effect, signal, untracked } from "../../../core/signals.js";
import { online } from "../../../core/state.js";
import { t } from "../../../core/text.js";
import { styled } from "../../shared/styled.js";
import { slider } from "../stage/tool-options.js";

/** @typedef {import("../../../editor/actions/action.js").App} App */
/** @typedef {Pick<typeof import("../../../core/signals.js"), "batch"|"computed"|"effect"|"signal"|"untracked">} Reactive */
/**
 * @typedef {object} Parts
 * @property {import("../../../net/api.js").Api} api
 * @property {HTMLElement} room  the stage
 * @property {import("../../../editor/render/pointing.js").Pointing} pointing
 * @property {Reactive} reactive
 * @property {typeof slider} slider
 * @property {typeof online} online
 */

const MODE = staticUrl("js/later/proposals.js");

/** @param {App} app @param {Pick<Parts, "api"|"room"|"pointing">} parts */
export function createProposals(app, parts) {
  const { doc } = app;
  const { proposing } = app.editor;
  let asked = false;

  async function load() {
    if (asked || !proposing) return;
    asked = true;
    try {
      /** @type {[Pick<typeof import("./mode.js"), "createMode">, unknown]} */
      const [{ createMode }] = await Promise.all([import(MODE), styled("css/later/proposals.css")]);
      createMode(app, proposing, { ...parts, reactive: { batch, computed, effect, signal, untracked }, slider, online });
    } catch (error) {
      asked = false; // the next wish tries again
      if (proposing.inHand.peek()) doc.refuse(t("Couldn't load proposals. {reason}", { reason: sentenceOf(error) }));
    }
  }

  effect(() => {
    const ahead = doc.image.value !== null && doc.project.value.settings.propose_ahead;
    if (!doc.readOnly && (proposing?.inHand.value || proposing?.asked.value || ahead)) untracked(() => void load());
  });
}
