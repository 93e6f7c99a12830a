/** What signing in has in common, wherever it is done: the fields, the attempt, and the sentence that refuses it. */

import { ApiError, sentenceOf } from "../../../core/errors.js";
import { t } from "../../../core/text.js";
import { fill, h, set } from "../dom.js";
import { duration } from "../format.js";

/** Why an attempt failed, with how long to wait where there were too many. @param {unknown} error */
export function refusalOf(error) {
  const { status, retryAfterS } = /** @type {ApiError} */ (error);
  if (status !== 429 || !retryAfterS) return sentenceOf(error);
  return t("Too many failed attempts. Try again in {time}.", { time: duration(retryAfterS) });
}

/** Who signs in so. @param {import("../../../net/api.js").Api} api @param {string} name @param {string} password */
export async function signIn(api, name, password) {
  try {
    return (await api.signIn(name, password)).account;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    throw new ApiError(error.code, t("The name or the password is wrong."), "", error.status);
  }
}

/** @param {HTMLElement} place  of `role="alert"` @param {string} text  empty: nothing went wrong */
export function sayWrong(place, text) {
  fill(place, text && h("p", { class: "form-error" }, text));
}

/**
 * One attempt at a time; what refuses it is said, and the button is there again.
 * @param {HTMLFormElement} form @param {HTMLElement} answer @param {() => Promise<void>} attempt
 */
export function onSubmit(form, answer, attempt) {
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    set(form, { "aria-busy": "true" });
    sayWrong(answer, "");
    try {
      await attempt();
    } catch (error) {
      sayWrong(answer, refusalOf(error));
    }
    busy = false;
    set(form, { "aria-busy": null });
  });
}

/**
 * Name and password, for whoever has an account.
 * @param {object} parts
 * @param {string} parts.id  of the form; its fields' begin with it
 * @param {string} [parts.name]  whose password is asked for; without it both are
 * @param {(name: string, password: string) => Promise<void>} parts.attempt
 * @param {string} parts.action  on the button
 * @param {...import("../dom.js").Child} beside  the button
 */
export function signInForm({ id, name, attempt, action }, ...beside) {
  const named = h("input", {
    id: `${id}-name`,
    name: "username",
    class: "field boxed",
    autocomplete: "username",
    autocapitalize: "none",
    spellcheck: "false",
    required: true,
    readonly: name !== undefined,
    value: name,
  });
  const password = h("input", {
    id: `${id}-password`,
    name: "password",
    type: "password",
    class: "field boxed",
    autocomplete: "current-password",
    required: true,
    autofocus: name !== undefined,
  });
  const answer = h("div", { class: "door-answer", role: "alert" });
  const form = h(
    "form",
    { id, class: "form", method: "post" },
    h("label", { for: named.id }, t("Name")),
    named,
    h("label", { for: password.id }, t("Password")),
    password,
    answer,
    h("div", { class: "dialog-actions" }, ...beside, h("button", { class: "button primary" }, action)),
  );
  onSubmit(form, answer, () =>
    attempt(named.value, password.value).catch((error) => {
      password.select();
      throw error;
    }),
  );
  return form;
}
