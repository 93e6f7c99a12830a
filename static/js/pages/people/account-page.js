/** One's own account: its name, its password, where it is signed in, and tokens for programs. */

import { sentenceOf } from "../../core/errors.js";
import { t } from "../../core/text.js";
import { ACCOUNT } from "../../net/account.js";
import { newPassword } from "../shared/account/new-password.js";
import { onSubmit, sayWrong } from "../shared/account/signing.js";
import { fill, h } from "../shared/dom.js";
import { settingsPart } from "../shared/part.js";
import { createToasts } from "../shared/popups/toasts.js";
import { appearance } from "../shared/theme.js";
import { createApiTokens } from "./api-tokens.js";
import { createIdentities } from "./identities.js";
import { createSignIns } from "./sign-ins.js";

/** @typedef {import("../../net/api.js").Api} Api */

/**
 * @param {object} parts
 * @param {Api} parts.api
 * @param {string|null} parts.provider  with which people can sign in, as they call it
 * @param {import("../../core/signals.js").Signal<import("../shared/theme.js").Theme>} parts.theme
 */
export function createAccountPage({ api, provider, theme }) {
  document.getElementById("header")?.append(...appearance(theme));
  const toast = createToasts(document.body);
  const signIns = createSignIns({ api, toast });
  const identities = provider === null ? [] : [createIdentities({ api, provider, toast })];
  const parts = [
    nameForm(api),
    passwordForm(api, signIns.refresh),
    ...identities,
    signIns.element,
    createApiTokens({ api, toast }),
  ];
  document.getElementById("main")?.append(h("div", { class: "settings-parts person" }, ...parts));
}

/** @param {Api} api */
function nameForm(api) {
  const name = h("input", {
    id: "name",
    name: "username",
    class: "field boxed",
    autocomplete: "username",
    autocapitalize: "none",
    spellcheck: "false",
    maxlength: "64",
    required: true,
    value: ACCOUNT?.name,
    "aria-describedby": "name-about",
  });
  const answer = h("div", { class: "door-answer", role: "alert" });
  const form = h(
    "form",
    { class: "form", method: "post" },
    h("label", { for: "name" }, t("Name")),
    h("div", { class: "form-line" }, name, h("button", { class: "button" }, t("Rename"))),
    h("span", { id: "name-about", class: "muted" }, t("You sign in with it, and others on your projects see it.")),
    answer,
  );
  onSubmit(form, answer, async () => {
    await api.renameAccount(name.value);
    location.reload(); // it is in the header, too
  });
  return settingsPart("account-name", t("Profile"), form);
}

/** @param {Api} api @param {() => Promise<void>} ended  other browsers are signed out */
function passwordForm(api, ended) {
  const current = h("input", {
    id: "current",
    name: "current-password",
    type: "password",
    class: "field boxed",
    autocomplete: "current-password",
    required: true,
  });
  const known = h("input", { name: "username", autocomplete: "username", hidden: true, readonly: true, value: ACCOUNT?.name });
  const next = newPassword("new", t("New password"));
  const answer = h("div", { class: "door-answer", role: "alert" });
  const done = h("p", { role: "status", class: "said" });
  const form = h(
    "form",
    { class: "form", method: "post" },
    known,
    h("label", { for: "current" }, t("Current password")),
    current,
    ...next.elements,
    answer,
    h("div", {}, h("button", { class: "button" }, t("Change password"))),
    done,
  );
  onSubmit(form, answer, async () => {
    fill(done);
    try {
      await api.changePassword(current.value, next.field.value);
    } catch (error) {
      current.select();
      throw error;
    }
    form.reset();
    fill(done, t("The password was changed. All other browsers are signed out."));
    await ended().catch((error) => sayWrong(answer, sentenceOf(error)));
  });
  return settingsPart("account-password", t("Password"), form);
}
