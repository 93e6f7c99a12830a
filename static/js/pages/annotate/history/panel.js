/** Who did what when: of the selected object or of the whole image. Knows no signals: see `opening.js`. */

import { t } from "../../../core/text.js";
import { staticUrl } from "../../../core/address.js";
import { fill, h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { reading } from "../../shared/popups/notice.js";
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
  document.head.append(h("link", { rel: "stylesheet", href: staticUrl("css/pages/annotate-history.css") }));
  const restoring = createRestoring({ app, api, toast, done: () => void read(true) });
  const list = h("ol", { class: "history-list" });
  const wrong = h("div", { class: "notice", role: "alert", hidden: true });
  const none = h("p", { class: "empty", role: "status", hidden: true }, t("Nothing is known of what happened here."));
  const more = h("button", { type: "button", class: "button", hidden: true, onclick: () => void read() }, t("Show more"));
  const objectTab = tab(t("Object"), true);
  const imageTab = tab(t("Image"), false);
  const close = h("button", { type: "button", class: "icon-button", "aria-label": t("Close"), onclick: () => panel.hidePopover() }, icon("close"));
  const title = h("h2", { id: "history-title" }, t("History"));
  const tabs = h("span", { class: "history-tabs", role: "group", "aria-labelledby": title.id }, objectTab, imageTab);
  const panel = h("div", { id: "history", class: "popover history-panel", popover: "auto", role: "dialog", "aria-labelledby": title.id });
  panel.append(h("header", {}, title, tabs, close), wrong, list, none, more);
  let wish = true; // the selected object's, where one is selected
  let selected = /** @type {string|null} */ (null);
  let next = /** @type {number|null} */ (null);
  let turn = 0;

  /** @param {string} title @param {boolean} object */
  function tab(title, object) {
    const choose = () => {
      wish = object;
      void read(true);
    };
    return h("button", { type: "button", class: "button quiet", onclick: choose }, title);
  }

  /** @param {boolean} [anew] */
  async function read(anew = false) {
    const mine = ++turn;
    const id = wish ? selected : null;
    const image = doc.image.peek()?.id;
    const project = doc.project.peek().id;
    const before = anew || next === null ? undefined : next;
    set(objectTab, { "aria-pressed": String(id !== null) });
    set(imageTab, { "aria-pressed": String(id === null) });
    objectTab.disabled = selected === null;
    await reading(wrong, async () => {
      if (!image) return;
      const page = id ? await api.objectHistory(id, project, { before }) : await api.imageHistory(project, image, { before });
      if (mine !== turn) return;
      const held = list.contains(document.activeElement);
      if (anew) fill(list);
      list.append(...page.entries.map((entry) => historyRow(entry, { page, object: id !== null, app, api, picture: stage.picture, sheet, restoring })));
      if (held && anew) close.focus();
      next = page.next;
      more.hidden = next === null;
      none.hidden = list.children.length > 0;
    })();
  }

  // "beforetoggle" is told at once: see `open-while.js`.
  panel.addEventListener("beforetoggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "closed") historyOpen.value = false;
  });
  document.body.append(panel);
  return {
    /** Whether it is to be open, and which object is selected now; the image, or the object, may have changed. @param {boolean} open @param {string|null} id */
    follow(open, id) {
      selected = id;
      if (!open) return sheet.hide();
      if (!panel.matches(":popover-open")) {
        wish = true;
        panel.showPopover();
        close.focus();
      }
      void read(true);
    },
  };
}
