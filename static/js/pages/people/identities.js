/** Who at the sign-in provider signs in to an account: tied to it, and untied. */

import { sentenceOf } from "../../core/errors.js";
import { t } from "../../core/text.js";
import { accessRow } from "../shared/account/access-row.js";
import { fill, h } from "../shared/dom.js";
import { day } from "../shared/format.js";
import { settingsPart } from "../shared/part.js";
import { confirming } from "../shared/popups/confirming.js";
import { reading } from "../shared/popups/notice.js";

/** @typedef {import("../../net/accounts-api.js").Identity} Identity */

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {string} parts.provider  as people call it
 * @param {(toast: import("../shared/popups/toasts.js").Toast) => void} parts.toast
 */
export function createIdentities({ api, provider, toast }) {
  const title = t("Sign in with {name}", { name: provider });
  const list = h("ul", { class: "member-rows", "aria-label": title });
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });

  /** @param {() => Promise<unknown>} act */
  async function perform(act) {
    try {
      await act();
    } catch (error) {
      toast({ text: sentenceOf(error) });
    }
    await refresh();
  }

  /** @param {Identity} identity @param {string} name */
  async function remove({ id }, name) {
    const sure = await confirming({
      title: t("Remove {name}?", { name }),
      text: t("You can't sign in with it any more. Make sure that you know your password."),
      action: t("Remove"),
    });
    if (sure) await perform(() => api.removeIdentity(id));
  }

  /** @param {Identity} identity */
  function row(identity) {
    const name = identity.name || identity.issuer;
    const { used_at } = identity;
    const facts = [used_at ? t("last used {day}", { day: day(used_at) }) : t("never used")];
    const words = t("Remove {name}", { name });
    const out = h("button", { type: "button", class: "button", "aria-label": words, onclick: () => void remove(identity, name) }, t("Remove"));
    return accessRow({ name, title: identity.issuer, facts }, out);
  }

  const refresh = reading(wrong, async () => {
    fill(list, ...(await api.identities()).map(row));
  });
  void refresh();
  const link = () => perform(async () => location.assign(await api.linkIdentity()));
  const add = h("button", { type: "button", class: "button", onclick: () => void link() }, t("Connect {name}", { name: provider }));
  return settingsPart("identities", title, wrong, list, h("div", { class: "part-actions" }, add));
}
