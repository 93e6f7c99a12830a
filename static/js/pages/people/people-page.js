/** The accounts of this server, for its administrators: who there is, links for others, rights. */

import { sentenceOf } from "../../core/errors.js";
import { t } from "../../core/text.js";
import { ACCOUNT } from "../../net/account.js";
import { BASE } from "../../net/base.js";
import { addressOfLink, shownOnce } from "../shared/account/once.js";
import { createOpenLinks } from "../shared/account/open-links.js";
import { fill, h } from "../shared/dom.js";
import { day } from "../shared/format.js";
import { icon } from "../shared/icons.js";
import { confirming } from "../shared/popups/confirming.js";
import { menuOf } from "../shared/popups/menu.js";
import { reading } from "../shared/popups/notice.js";
import { createToasts } from "../shared/popups/toasts.js";
import { appearance } from "../shared/theme.js";

/** @typedef {import("../../net/accounts-api.js").AccountSummary} AccountSummary */
/** @typedef {import("../../net/accounts-api.js").InvitationLink} InvitationLink */

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {import("../../core/signals.js").Signal<import("../shared/theme.js").Theme>} parts.theme
 */
export function createPeoplePage({ api, theme }) {
  document.getElementById("header")?.append(...appearance(theme));
  const toast = createToasts(document.body);
  const list = h("ul", { class: "member-rows", "aria-label": t("Accounts") });
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  const made = h("div", {});
  const links = createOpenLinks({
    list: () => api.openLinks(),
    revoke: (id) => api.revokeLink(id),
    toast,
    onRevoked: () => fill(made),
  });
  const asAdmin = h("input", { type: "checkbox" });
  const invite = h("button", { type: "button", class: "button primary", onclick: () => void inviting() }, icon("plus"), t("Invite someone"));
  const inviteBar = h(
    "div",
    { class: "invite-bar" },
    invite,
    h("label", { class: "check" }, asAdmin, t("as an administrator, who can do everything on this server")),
  );
  document.getElementById("main")?.append(h("div", { class: "people settings-part" }, inviteBar, made, wrong, list, links.element));

  /** @param {string} label @param {InvitationLink} link */
  const showLink = (label, link) =>
    fill(
      made,
      shownOnce({
        label,
        value: addressOfLink(link, BASE),
        about: t("Send it to one person. It works once, until {day}, and isn't shown again.", { day: day(link.expires_at) }),
      }),
    );

  /** @param {() => Promise<unknown>} act */
  async function perform(act) {
    try {
      await act();
    } catch (error) {
      toast({ text: sentenceOf(error) });
    }
    await refresh();
  }

  const inviting = () =>
    perform(async () => {
      const label = asAdmin.checked ? t("Link for a new administrator") : t("Link for a new account");
      showLink(label, await api.invite(asAdmin.checked));
      asAdmin.checked = false;
    });

  /** @param {AccountSummary} account */
  const reset = ({ id, name }) =>
    perform(async () => showLink(t("Link for a new password of {name}", { name }), await api.resetPassword(id)));

  /** @param {AccountSummary} account */
  async function disable({ id, name }) {
    const sure = await confirming({
      title: t("Disable {name}?", { name }),
      text: t("They are signed out everywhere, and their tokens and links stop working. What they did stays."),
      action: t("Disable"),
    });
    if (sure) await perform(() => api.enableAccount(id, false));
  }

  /** @param {AccountSummary} account @param {boolean} admin */
  async function giveRights({ id, name }, admin) {
    const sure = await confirming({
      title: admin ? t("Make {name} an administrator?", { name }) : t("Remove {name}'s administrator rights?", { name }),
      text: admin
        ? t("Administrators can see and change every project and every account, including yours.")
        : t("They keep their account and their projects."),
      action: admin ? t("Make administrator") : t("Remove rights"),
    });
    if (!sure) return;
    await perform(async () => {
      await api.changeRights(id, admin);
      if (id === ACCOUNT?.id) location.assign(BASE || "/"); // this page is not theirs any more
    });
  }

  /** @param {AccountSummary} account */
  function row(account) {
    const { id, name, is_admin, has_password, created_at, seen_at, disabled_at } = account;
    const facts = [
      t("since {day}", { day: day(created_at) }),
      seen_at ? t("last seen {day}", { day: day(seen_at) }) : t("never signed in"),
    ];
    const badges = [
      id === ACCOUNT?.id && t("You"),
      is_admin && t("Administrator"),
      disabled_at !== null && t("Disabled"),
      disabled_at === null && !has_password && t("No password yet"),
    ];
    const title = t("Actions for {name}", { name });
    const button = h("button", { type: "button", class: "icon-button", title, "aria-label": title }, icon("more"));
    const items = [
      ...(disabled_at === null
        ? [{ title: t("Link for a new password"), icon: "lock-open", perform: () => void reset(account) }]
        : []),
      is_admin
        ? { title: t("Remove administrator rights"), icon: "down", perform: () => void giveRights(account, false) }
        : { title: t("Make administrator"), icon: "up", perform: () => void giveRights(account, true) },
      disabled_at === null
        ? { title: t("Disable"), icon: "lock", danger: true, perform: () => void disable(account) }
        : { title: t("Enable"), icon: "lock-open", perform: () => void perform(() => api.enableAccount(id, true)) },
    ];
    const menu = menuOf(button, items);
    return h(
      "li",
      { class: "member-row", "data-disabled": disabled_at !== null },
      h(
        "span",
        { class: "member-words" },
        h("span", { class: "member-line" }, h("span", { class: "member-name" }, name), ...badges.map((text) => text && h("span", { class: "member-tag" }, text))),
        h("span", { class: "muted" }, facts.join(" · ")),
      ),
      menu,
    );
  }

  const refresh = reading(wrong, async () => {
    fill(list, ...(await api.accounts()).map(row));
    await links.refresh();
  });
  void refresh();
}
