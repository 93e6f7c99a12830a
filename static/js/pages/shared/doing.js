/** Things that are done at once and can be undone: done, said, and the undoing, where there is any, offered beside it. */

import { sentenceOf } from "../../core/errors.js";
import { t } from "../../core/text.js";

/** @typedef {{undo: (() => Promise<unknown>)|null, instead?: string}} Outcome  undo: null where nothing was changed; instead: said in place of `done` */
/**
 * @typedef {object} Deed
 * @property {string} done  said once it is
 * @property {string} failed  said before the reason why it is not
 * @property {() => Promise<Outcome>} act
 * @property {(error: unknown) => import("./popups/toasts.js").Toast|null} [refused]  said instead where the page knows more
 */

/**
 * @param {(toast: import("./popups/toasts.js").Toast) => (() => void)} toast  answers what takes it away
 * @param {() => Promise<unknown>} refresh  shows what came of it
 * @returns {(deed: Deed) => Promise<void>}
 */
export function createDoing(toast, refresh) {
  /** @param {() => Promise<unknown>} undo */
  async function back(undo) {
    await undo().catch((error) => toast({ text: sentenceOf(error) }));
    await refresh();
  }

  let takeAway = () => {}; // the offer to undo what was done before: pressed later, it would undo more than one meant

  return async function perform({ done, failed, act, refused }) {
    try {
      const { undo, instead = done } = await act();
      if (undo) {
        takeAway();
        takeAway = toast({ text: instead, action: { title: t("Undo"), perform: () => void back(undo) } });
      } else toast({ text: instead });
    } catch (error) {
      toast(refused?.(error) ?? { text: `${failed} ${sentenceOf(error)}` });
    }
    await refresh();
  };
}
