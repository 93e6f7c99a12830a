/**
 * The panel of who did what on the image is another file, fetched when somebody asks for it first. What that bundles of
 * signals is not the page's own, so it is told from here what changes.
 */

import { staticUrl } from "../../../core/address.js";
import { computed, effect, untracked } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { styled } from "../../shared/styled.js";
import { createMaskSheet } from "../stage/mask-sheet.js";

const PANEL = staticUrl("js/later/history.js");
const STYLE = "css/later/history.css";

/** @typedef {import("./panel.js").HistoryPanel} HistoryPanel */

/**
 * @param {object} parts
 * @param {import("../../../editor/actions/action.js").App} parts.app
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {import("../../../editor/render/stage.js").Stage} parts.stage
 * @param {HTMLElement} parts.room  the stage
 * @param {ReturnType<typeof import("../../shared/popups/toasts.js").createToasts>} parts.toast
 */
export function openHistory({ app, api, stage, room, toast }) {
  const { doc, editor, historyOpen } = app;
  let asked = /** @type {Promise<HistoryPanel>|null} */ (null);

  /** @returns {Promise<HistoryPanel>} */
  async function fetched() {
    /** @type {[Pick<typeof import("./panel.js"), "createHistoryPanel">, unknown]} */
    const [{ createHistoryPanel }] = await Promise.all([import(PANEL), styled(STYLE)]);
    return createHistoryPanel({ app, api, stage, toast, sheet: createMaskSheet(room, editor.viewport) });
  }

  /** What its entries depend on: a change made here is told by the server's event, too, which is nothing new. */
  const subject = computed(() => [doc.image.value?.id, doc.objects.selectedId.value, doc.objects.selected.value?.version].join());

  effect(() => {
    const open = historyOpen.value;
    const id = doc.objects.selectedId.value;
    void subject.value;
    if (!open && !asked) return;
    asked ??= fetched();
    asked.then(
      (panel) => untracked(() => panel.follow(open, id)),
      () => {
        asked = null;
        historyOpen.value = false;
        toast({ text: t("Couldn't load the history.") });
      },
    );
  });
}
