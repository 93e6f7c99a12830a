/** Says that a downloaded segmenter is there, or why not, to who has gone on with other things. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";

/**
 * @param {object} parts
 * @param {import("../../../engine/pulls.js").Pulls} parts.pulls
 * @param {import("../../../editor/actions/action.js").App} parts.app
 * @param {import("../../../engine/engine.js").Engine} parts.engine
 * @param {(toast: import("../../shared/popups/toasts.js").Toast) => void} parts.toast
 */
export function tellPulls({ pulls, app, engine, toast }) {
  effect(() => {
    if (!pulls.ended.value) return;
    const { id, title, error } = pulls.ended.value;
    if (app.segmentersOpen.peek()) return; // there it is to be seen
    if (!error) {
      const use = () => void engine.use(id).catch(() => {}); // a toast says why
      toast({ text: t("{segmenter} is installed.", { segmenter: title }), action: { title: t("Use it"), perform: use } });
    } else {
      const show = () => (app.segmentersOpen.value = true);
      const text = t("{segmenter} could not be installed. {reason}", { segmenter: title, reason: error });
      toast({ text, action: { title: t("Show"), perform: show } });
    }
  });
}
