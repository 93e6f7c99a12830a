/** API tokens of an account: made for a program, shown once, revoked. */

import { sentenceOf } from "../../core/errors.js";
import { counted, t } from "../../core/text.js";
import { accessRow, revokeButton } from "../shared/account/access-row.js";
import { shownOnce } from "../shared/account/once.js";
import { onSubmit } from "../shared/account/signing.js";
import { fill, h } from "../shared/dom.js";
import { day } from "../shared/format.js";
import { settingsPart } from "../shared/part.js";
import { confirming } from "../shared/popups/confirming.js";
import { reading } from "../shared/popups/notice.js";

/** @typedef {import("../../net/accounts-api.js").ApiToken} ApiToken */
/** @typedef {ApiToken["scope"]} Scope */

/** @type {Readonly<Record<Scope, string>>} */
const SCOPES = Object.freeze({
  read: t("Read: see projects and export"),
  write: t("Write: also annotate, add and remove images"),
  manage: t("Manage: also change projects and members"),
});
const DAYS = [7, 30, 90, 365];
const USUAL_DAYS = 90;

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {(toast: import("../shared/popups/toasts.js").Toast) => void} parts.toast
 */
export function createApiTokens({ api, toast }) {
  const list = h("ul", { class: "member-rows", "aria-label": t("API tokens") });
  const none = h("p", { class: "muted", hidden: true }, t("You have no API tokens."));
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  const made = h("div", {});
  const name = h("input", { id: "token-name", class: "field boxed", autocomplete: "off", maxlength: "100", required: true });
  const scope = h(
    "select",
    { id: "token-scope", class: "field boxed" },
    ...Object.entries(SCOPES).map(([id, title]) => h("option", { value: id }, title)),
  );
  const days = h(
    "select",
    { id: "token-days", class: "field boxed" },
    ...DAYS.map((count) => h("option", { value: count, selected: count === USUAL_DAYS }, counted(count, "{count} day", "{count} days"))),
  );
  const answer = h("div", { class: "door-answer", role: "alert" });
  const form = h(
    "form",
    { class: "form token-form" },
    h("label", { for: name.id }, t("What it is for")),
    name,
    h("label", { for: scope.id }, t("What it may do")),
    scope,
    h("span", { class: "muted" }, t("Never more than you are allowed to do yourself.")),
    h("label", { for: days.id }, t("How long it works")),
    days,
    answer,
    h("div", {}, h("button", { class: "button" }, t("Create token"))),
  );
  onSubmit(form, answer, async () => {
    const token = await api.makeApiToken({
      name: name.value,
      scope: /** @type {Scope} */ (scope.value),
      days: Number(days.value),
    });
    form.reset();
    fill(
      made,
      shownOnce({
        label: t("Token for {name}", { name: token.name }),
        value: token.secret,
        about: t("Copy it now; it won't be shown again. Programs send it as Authorization: Bearer. It expires {day}.", { day: day(token.expires_at) }),
      }),
    );
    await refresh();
  });

  /** @param {ApiToken} token */
  async function revoke({ id, name: called }) {
    const sure = await confirming({
      title: t("Revoke {name}?", { name: called }),
      text: t("Programs that use this token stop working. This can't be undone."),
      action: t("Revoke"),
    });
    if (!sure) return;
    try {
      await api.deleteApiToken(id);
      fill(made);
    } catch (error) {
      toast({ text: sentenceOf(error) });
    }
    await refresh();
    name.focus();
  }

  /** @param {ApiToken} token */
  function row(token) {
    const { used_at, expires_at } = token;
    const facts = [
      SCOPES[token.scope],
      used_at ? t("last used {day}", { day: day(used_at) }) : t("never used"),
      t("expires {day}", { day: day(expires_at) }),
    ];
    return accessRow({ name: token.name, facts }, revokeButton(token.name, () => void revoke(token)));
  }

  const refresh = reading(wrong, async () => {
    const tokens = await api.apiTokens();
    fill(list, ...tokens.map(row));
    none.hidden = tokens.length > 0;
  });
  void refresh();
  const about = h("p", { class: "muted" }, t("For programs that use this server's API on your behalf."));
  return settingsPart("api-tokens", t("API tokens"), about, wrong, none, list, made, form);
}
