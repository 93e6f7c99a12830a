/** The inbox in the header of every page, with how much was not read. */

import { staticUrl } from "../../../core/address.js";
import { effect } from "../../../core/signals.js";
import { counted, t } from "../../../core/text.js";
import { ACCOUNT } from "../../../net/account.js";
import { createApi } from "../../../net/api.js";
import { under } from "../../../net/base.js";
import { h, set } from "../dom.js";
import { icon } from "../icons.js";
import { countUnread, unread } from "./unread.js";

const MOST = 99;
const AFTER_MS = 2000; // the page's own requests come first

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

/** Of a page that has no socket. */
export function followInbox() {
  if (!ACCOUNT) return;
  const api = createApi();
  setTimeout(async () => {
    const { listenToInbox } = await import(staticUrl("js/pages/inbox-live.js")).catch(() => ({ listenToInbox: null }));
    listenToInbox?.(() => void countUnread(api)); // else the number is as old as the page
  }, AFTER_MS);
}
