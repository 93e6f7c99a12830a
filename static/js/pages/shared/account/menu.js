/** Who is signed in, in the header of every page: to the account, to people, out. */

import { sentenceOf } from "../../../core/errors.js";
import { t } from "../../../core/text.js";
import { ACCOUNT } from "../../../net/account.js";
import { createApi } from "../../../net/api.js";
import { under } from "../../../net/base.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { inboxLink } from "./bell.js";
import { visitMenu } from "./visit.js";
import { menuOf } from "../popups/menu.js";
import { createToasts } from "../popups/toasts.js";

/** @param {string} path */
const go = (path) => () => location.assign(under(path));

/** Of this browser; what waits to be saved stays in it until its owner signs in again. */
async function signOut() {
  try {
    await createApi().signOut(false);
  } catch (error) {
    const { status } = /** @type {import("../../../core/errors.js").ApiError} */ (error);
    if (status !== 401) return void createToasts(document.body)({ text: sentenceOf(error) });
  }
  location.assign(under("/sign-in"));
}

/** Nothing where the server has no accounts. @returns {HTMLElement[]} */
export function accountMenu() {
  if (!ACCOUNT) return visitMenu();
  const { name, isAdmin } = ACCOUNT;
  const title = t("Signed in as {name}", { name });
  const button = h(
    "button",
    { type: "button", class: "account-button", title, "aria-label": title },
    icon("person"),
    h("span", { class: "account-name" }, name),
  );
  const menu = menuOf(button, [
    { title: t("Inbox"), icon: "bell", perform: go("/inbox") },
    { title: t("Account"), icon: "settings", perform: go("/account") },
    ...(isAdmin ? [{ title: t("People"), icon: "people", perform: go("/people") }] : []),
    { title: t("Sign out"), icon: "sign-out", perform: () => void signOut() },
  ]);
  menu.classList.add("account-menu");
  return [inboxLink(), menu];
}
