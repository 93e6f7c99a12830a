/** A visit by a link: who one is in it, leaving it, and what is said when the link works no more. */

import { sentenceOf } from "../../../core/errors.js";
import { signal } from "../../../core/signals.js";
import { counted, t } from "../../../core/text.js";
import { VISIT, forgetVisit } from "../../../net/account.js";
import { createApi } from "../../../net/api.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { confirming } from "../popups/confirming.js";
import { menuOf } from "../popups/menu.js";
import { createToasts } from "../popups/toasts.js";
import { KIND_ABOUT } from "../sharing/kinds.js";

/** How many changes of the page the server does not have; nobody else's page sends them once the visit is over. */
export const unsaved = signal(0);

/** In the place of the account's menu. @returns {HTMLElement[]} */
export function visitMenu() {
  if (!VISIT) return [];
  const name = VISIT.name || t("Visitor");
  const title = `${t("You're visiting as {name}.", { name })} ${KIND_ABOUT[VISIT.kind]}`;
  const button = h("button", { type: "button", class: "account-button", title, "aria-label": title }, icon("person"), h("span", { class: "account-name", dir: "auto" }, name));
  const menu = menuOf(button, [{ title: t("Leave"), icon: "sign-out", perform: () => void leave() }]);
  menu.classList.add("account-menu");
  return [menu];
}

/** Its end was said, or is what the person wants. */
let over = false;

async function leave() {
  const count = unsaved.peek();
  const question = {
    title: t("Leave without saving?"),
    text: counted(count, "{count} change isn't saved yet and will be lost.", "{count} changes aren't saved yet and will be lost."),
    action: t("Leave"),
  };
  if (count && !(await confirming(question))) return;
  over = true; // before the server's answer this page's connection ends
  try {
    await createApi().leaveVisit();
  } catch (error) {
    over = false;
    return void createToasts(document.body)({ text: sentenceOf(error) });
  }
  forgetVisit();
  const words = h("div", { class: "visit-over" }, icon("samphire"), h("h1", {}, t("You've left")), h("p", {}, t("Open the link again to come back.")));
  document.body.replaceChildren(words);
  document.title = "Samphire";
}

/** The link was revoked or has expired: what is on the page stays there to be looked at. */
export function visitEnded() {
  if (over) return;
  over = true;
  forgetVisit();
  const count = unsaved.peek();
  const lost = counted(
    count,
    "{count} change couldn't be saved. It stays visible until you close this page.",
    "{count} changes couldn't be saved. They stay visible until you close this page.",
  );
  const close = h("button", { type: "button", class: "button primary", onclick: () => dialog.close() }, t("OK"));
  const dialog = h(
    "dialog",
    { class: "dialog", role: "alertdialog", "aria-labelledby": "ended-title", "aria-describedby": "ended-text" },
    h("h2", { id: "ended-title" }, t("Your visit has ended")),
    h("p", { id: "ended-text" }, t("The link was revoked or has expired, or you left in another tab. Ask the person who shared it for a new one.")),
    count > 0 && h("p", { class: "form-error" }, lost),
    h("div", { class: "dialog-actions" }, close),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
