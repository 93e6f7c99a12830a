/** Who did what when: of the selected object or of the whole image. Listens to no signals: see `opening.js`. */

import { t } from "../../../core/text.js";
import { fill, h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { createPaging, moreButton } from "../../shared/paging.js";
import { openWhile } from "../../shared/popups/open-while.js";
import { createRestoring } from "./restoring.js";
import { historyRow } from "./row.js";

/** @typedef {import("../../../net/history-api.js").HistoryPage} HistoryPage */
/** @typedef {ReturnType<typeof createHistoryPanel>} HistoryPanel */

/**
 * @param {object} parts
 * @param {import("../../../editor/actions/action.js").App} parts.app
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {import("../../../editor/render/stage.js").Stage} parts.stage
 * @param {ReturnType<typeof import("../../shared/popups/toasts.js").createToasts>} parts.toast
 * @param {import("./row.js").Sheet} parts.sheet  over the picture
 */
export function createHistoryPanel({ app, api, stage, toast, sheet }) {
  const { doc, historyOpen } = app;
  // Of the selected object itself a new version tells, whether the server's event or its answer is here first.
  const restoring = createRestoring({ app, api, toast, done: () => void (subject() ?? readSoon()) });
  const list = h("ol", { class: "history-list" });
  const wrong = h("div", { class: "notice", role: "alert", hidden: true });
  const none = h("p", { class: "empty", role: "status", hidden: true }, t("Nothing is known of what happened here."));
  const more = moreButton(() => void paging.next());
  const paging = createPaging({ more, wrong, ask, show });
  const objectTab = tab(t("Object"), true);
  const imageTab = tab(t("Image"), false);
  const close = h("button", { type: "button", class: "icon-button", "aria-label": t("Close"), onclick: () => panel.hidePopover() }, icon("close"));
  const title = h("h2", { id: "history-title" }, t("History"));
  const tabs = h("span", { class: "history-tabs", role: "group", "aria-labelledby": title.id }, objectTab, imageTab);
  const panel = h("div", { id: "history", class: "popover history-panel", popover: "auto", role: "dialog", "aria-labelledby": title.id });
  panel.append(h("header", {}, title, tabs, close), wrong, list, none, more);
  let wish = true; // the selected object's, where one is selected
  let selected = /** @type {string|null} */ (null);
  let due = false;

  /** @param {string} title @param {boolean} object */
  function tab(title, object) {
    const choose = () => {
      wish = object;
      read();
    };
    return h("button", { type: "button", class: "button quiet", onclick: choose }, title);
  }

  const subject = () => (wish ? selected : null);

  /** @param {number|null} from @param {AbortSignal} signal @returns {Promise<HistoryPage|null>} */
  async function ask(from, signal) {
    const id = subject();
    const image = doc.image.peek()?.id;
    const project = doc.project.peek().id;
    const asked = { before: from ?? undefined };
    if (id) return api.objectHistory(id, project, asked, signal);
    return image ? api.imageHistory(project, image, asked, signal) : null;
  }

  /** @param {HistoryPage|null} page @param {boolean} isFirst */
  function show(page, isFirst) {
    const object = subject() !== null;
    const held = isFirst && list.contains(document.activeElement);
    if (isFirst) fill(list);
    if (page) list.append(...page.entries.map((entry) => historyRow(entry, { page, object, app, api, picture: stage.picture, sheet, restoring })));
    if (held) close.focus();
    none.hidden = list.children.length > 0;
    return page?.next ?? null;
  }

  function read() {
    set(objectTab, { "aria-pressed": String(subject() !== null) });
    set(imageTab, { "aria-pressed": String(subject() === null) });
    objectTab.disabled = selected === null;
    sheet.hide();
    void paging.first();
  }

  /** Once for all that has changed by now. */
  function readSoon() {
    if (due) return;
    due = true;
    setTimeout(() => {
      due = false;
      if (panel.matches(":popover-open")) read();
    });
  }

  openWhile(panel, historyOpen);
  document.body.append(panel);
  return {
    /** Whether it is to be open, and which object is selected now; the image, or the object, may have changed. @param {boolean} open @param {string|null} id */
    follow(open, id) {
      selected = id;
      if (!open) {
        paging.forget();
        return sheet.hide();
      }
      if (!panel.matches(":popover-open")) {
        wish = true;
        fill(list);
        none.hidden = true;
        panel.showPopover();
        close.focus();
      }
      readSoon();
    },
  };
}
