/** Browsers that are signed in with an account, and signing them out. */

import { sentenceOf } from "../../core/errors.js";
import { t } from "../../core/text.js";
import { under } from "../../net/base.js";
import { accessRow } from "../shared/account/access-row.js";
import { fill, h } from "../shared/dom.js";
import { day } from "../shared/format.js";
import { settingsPart } from "../shared/part.js";
import { confirming } from "../shared/popups/confirming.js";
import { reading } from "../shared/popups/notice.js";
import { browserName } from "./browser-name.js";

/** @typedef {import("../../net/accounts-api.js").SignIn} SignIn */

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {(toast: import("../shared/popups/toasts.js").Toast) => void} parts.toast
 */
export function createSignIns({ api, toast }) {
  const list = h("ul", { class: "member-rows", "aria-label": t("Signed-in browsers") });
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  const everywhere = h("button", { type: "button", class: "button", onclick: () => void leaveAll() }, t("Sign out everywhere"));

  /** @param {() => Promise<unknown>} act */
  async function perform(act) {
    try {
      await act();
    } catch (error) {
      toast({ text: sentenceOf(error) });
    }
    await refresh();
    list.querySelector("button")?.focus();
  }

  async function leaveAll() {
    const sure = await confirming({
      title: t("Sign out everywhere?"),
      text: t("All browsers are signed out, including this one. API tokens keep working."),
      action: t("Sign out everywhere"),
    });
    if (!sure) return;
    try {
      await api.signOut(true);
      location.assign(under("/sign-in"));
    } catch (error) {
      toast({ text: sentenceOf(error) });
    }
  }

  /** @param {SignIn} signIn */
  function row({ id, browser, created_at, seen_at, current }) {
    const name = browserName(browser);
    const facts = [t("since {day}, last used {last}", { day: day(created_at), last: day(seen_at) })];
    const out = h(
      "button",
      { type: "button", class: "button", "aria-label": t("Sign out {name}", { name }), onclick: () => void perform(() => api.endSignIn(id)) },
      t("Sign out"),
    );
    return accessRow({ name, title: browser, facts }, current ? h("span", { class: "member-tag" }, t("This browser")) : out);
  }

  const refresh = reading(wrong, async () => {
    fill(list, ...(await api.signIns()).map(row));
  });
  void refresh();
  const about = h("p", { class: "muted" }, t("Sign out browsers you don't know, then change your password."));
  const element = settingsPart("sign-ins", t("Signed-in browsers"), about, wrong, list, h("div", { class: "part-actions" }, everywhere));
  return { element, refresh };
}
