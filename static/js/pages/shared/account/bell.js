/** The inbox in the header of every page, with how much was not read. */

import { effect } from "../../../core/signals.js";
import { counted, t } from "../../../core/text.js";
import { under } from "../../../net/base.js";
import { h, set } from "../dom.js";
import { icon } from "../icons.js";
import { unread } from "./unread.js";

const MOST = 99;

/** @returns {HTMLElement} */
export function inboxLink() {
  const badge = h("span", { class: "badge", "aria-hidden": "true" });
  const link = h("a", { class: "icon-button bell", href: under("/inbox") }, icon("bell"), badge);
  effect(() => {
    const count = unread.value;
    const many = count > MOST ? `${MOST}+` : String(count);
    badge.textContent = many;
    badge.hidden = !count;
    const title = count ? `${t("Inbox")}: ${counted(count, "{many} unread", "{many} unread", { many })}` : t("Inbox");
    set(link, { title, "aria-label": title });
  });
  return link;
}
