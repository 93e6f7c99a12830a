/** Signing in: the form is the server's, so that it is there at once and browsers know it. */

import { under } from "../../net/base.js";
import { onSubmit, signIn } from "../shared/account/signing.js";
import { appearance } from "../shared/theme.js";

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {string} parts.next  where to go then, below the server's own address; the server has seen to it that it is
 * @param {import("../../core/signals.js").Signal<import("../shared/theme.js").Theme>} parts.theme
 */
export function createSignInPage({ api, next, theme }) {
  document.getElementById("header")?.append(...appearance(theme));
  const form = /** @type {HTMLFormElement} */ (document.getElementById("sign-in"));
  const [name, password] = [...form.querySelectorAll("input")];
  const answer = /** @type {HTMLElement} */ (form.querySelector("[role=alert]"));
  onSubmit(form, answer, async () => {
    try {
      await signIn(api, name.value, password.value);
    } catch (error) {
      password.select();
      throw error;
    }
    const seen = next.includes("#") ? "" : location.hash; // of the address that led here, which no server is told
    location.replace(under(next) + seen); // Back does not lead here again
  });
}
