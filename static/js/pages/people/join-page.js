/** What a link is for, and following it: a new account, a new password, or a project for an account one has. */

import { sentenceOf } from "../../core/errors.js";
import { t } from "../../core/text.js";
import { ACCOUNT } from "../../net/account.js";
import { under } from "../../net/base.js";
import { newPassword } from "../shared/account/new-password.js";
import { onSubmit, signIn, signInForm } from "../shared/account/signing.js";
import { projectAddress } from "../shared/address.js";
import { dropSkeleton } from "../shared/boot.js";
import { fill, h, set } from "../shared/dom.js";
import { appearance } from "../shared/theme.js";
import { ROLE_ABOUT, ROLE_NAMES } from "../shared/account/roles.js";

/** @typedef {import("../../net/api.js").Api} Api */
/** @typedef {import("../../net/accounts-api.js").OpenedInvitation} OpenedInvitation */

const NAME_CHARACTERS = 64;
const STATE = "samphire.secret";

/** The secret leaves the address at once; a reload, as another language makes one, still knows it. */
export function takeSecret() {
  const secret = location.hash.slice(1) || globalThis.history.state?.[STATE] || "";
  globalThis.history.replaceState({ [STATE]: secret }, "", location.pathname);
  return /** @type {string} */ (secret);
}

/** @param {string} address  where the link has led: Back does not lead to the link again */
function arrive(address) {
  globalThis.history.replaceState(null, "");
  location.replace(address);
}

/**
 * @param {object} parts
 * @param {Api} parts.api
 * @param {string} parts.secret
 * @param {string|null} parts.provider  with which people can sign in, as they call it
 * @param {import("../../core/signals.js").Signal<import("../shared/theme.js").Theme>} parts.theme
 */
export async function createJoinPage({ api, secret, provider, theme }) {
  document.getElementById("header")?.append(...appearance(theme));
  const card = /** @type {HTMLElement} */ (document.getElementById("card"));
  /** @param {...import("../shared/dom.js").Child} children */
  const show = (...children) => {
    dropSkeleton();
    fill(card, ...children);
    set(card, { "aria-busy": null });
  };
  const wrong = (/** @type {string} */ text) =>
    show(
      h("h1", {}, t("This link can't be used")),
      h("p", { role: "alert" }, text),
      h("p", {}, h("a", { href: under("/") }, t("Go to the home page"))),
    );
  if (!secret) return wrong(t("The link is incomplete. Copy all of it, with what follows the # sign."));
  try {
    const link = await api.openInvitation(secret);
    const own = () => show(...ownAccount(api, secret, link, other));
    const provided = link.is_first || provider === null ? [] : [withProvider(api, secret, provider)];
    const other = () => show(...newAccount(api, secret, link, link.project === null ? null : own), ...provided);
    if (link.purpose === "password") show(...anotherPassword(api, secret, link));
    else if (link.project !== null && ACCOUNT) own();
    else other();
  } catch (error) {
    wrong(sentenceOf(error));
  }
}

/** What whoever follows it becomes. @param {OpenedInvitation} link @returns {HTMLElement[]} */
function meaning({ project, role, is_first, is_admin }) {
  if (is_first)
    return [h("p", {}, t("This is the first account on this server: you will be its administrator and own its projects."))];
  if (is_admin) return [h("p", {}, t("You will be an administrator, who can do everything on this server."))];
  if (project === null || role === null) return [h("p", {}, t("Use it to work on projects on this server."))];
  return [
    h("p", {}, t("You're invited to the project {project}.", { project })),
    h("p", { class: "muted" }, `${ROLE_NAMES[role]}: ${ROLE_ABOUT[role]}`),
  ];
}

/** @param {Api} api @param {string} secret @param {OpenedInvitation} link @param {(() => void)|null} own  for who has an account */
function newAccount(api, secret, link, own) {
  const name = h("input", {
    id: "name",
    name: "username",
    class: "field boxed",
    autocomplete: "username",
    autocapitalize: "none",
    spellcheck: "false",
    maxlength: NAME_CHARACTERS,
    required: true,
    autofocus: true,
    "aria-describedby": "name-about",
  });
  const password = newPassword("password", t("Password"));
  const answer = h("div", { class: "door-answer", role: "alert" });
  const form = h(
    "form",
    { class: "form", method: "post" },
    h("label", { for: "name" }, t("Name")),
    name,
    h("span", { id: "name-about", class: "muted" }, t("You sign in with it, and others on your projects see it.")),
    ...password.elements,
    h("button", { class: "button primary large" }, t("Create account")),
    answer,
  );
  onSubmit(form, answer, async () => {
    await api.acceptInvitation({ secret, name: name.value, password: password.field.value });
    arrive(under("/"));
  });
  queueMicrotask(() => name.focus());
  const known = ACCOUNT && h("p", { class: "muted" }, t("You're signed in as {name}. This creates another account.", { name: ACCOUNT.name }));
  const other = h("button", { type: "button", class: "button quiet", onclick: own ?? undefined }, t("I have an account"));
  return [h("h1", {}, t("Create your account")), ...meaning(link), known, form, own && other];
}

/** @param {Api} api @param {string} secret @param {OpenedInvitation} link @param {() => void} other  makes a new account */
function ownAccount(api, secret, link, other) {
  const join = async () => arrive(projectAddress(await api.joinProject(secret)));
  const answer = h("div", { class: "door-answer", role: "alert" });
  const as = ACCOUNT && h("form", { class: "form", method: "post" }, h("button", { class: "button primary large" }, t("Join as {name}", { name: ACCOUNT.name })), answer);
  if (as) onSubmit(as, answer, join);
  const form =
    as ??
    signInForm({
      id: "own",
      action: t("Sign in and join"),
      async attempt(name, password) {
        await signIn(api, name, password);
        await join();
      },
    });
  const anew = h("button", { type: "button", class: "button quiet", onclick: other }, t("Create a new account instead"));
  return [h("h1", {}, t("Join a project")), ...meaning(link), form, anew];
}

/** Without a password. @param {Api} api @param {string} secret @param {string} provider */
function withProvider(api, secret, provider) {
  const answer = h("div", { role: "alert" });
  const form = h("form", { class: "form", method: "post" }, h("button", { class: "button" }, t("Continue with {name}", { name: provider })), answer);
  onSubmit(form, answer, async () => arrive(await api.acceptWithProvider(secret)));
  return form;
}

/** @param {Api} api @param {string} secret @param {OpenedInvitation} link */
function anotherPassword(api, secret, { name }) {
  const password = newPassword("password", t("New password"));
  const answer = h("div", { class: "door-answer", role: "alert" });
  const known = h("input", { id: "name", name: "username", class: "field boxed", autocomplete: "username", readonly: true, value: name });
  const form = h(
    "form",
    { class: "form", method: "post" },
    h("label", { for: "name" }, t("Name")),
    known,
    ...password.elements,
    h("button", { class: "button primary large" }, t("Save and sign in")),
    answer,
  );
  onSubmit(form, answer, async () => {
    await api.acceptInvitation({ secret, password: password.field.value });
    arrive(under("/"));
  });
  queueMicrotask(() => password.field.focus());
  return [
    h("h1", {}, t("Choose a new password")),
    h("p", {}, t("Browsers signed in with the old password are signed out.")),
    form,
  ];
}
