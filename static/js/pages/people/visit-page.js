/** Opening a link: asked for by the page, so that what looks at links for people opens none. The form is the server's. */

import { under } from "../../net/base.js";
import { onSubmit } from "../shared/account/signing.js";
import { appearance } from "../shared/theme.js";

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {string} parts.token
 * @param {import("../../core/signals.js").Signal<import("../shared/theme.js").Theme>} parts.theme
 */
export function createVisitPage({ api, token, theme }) {
  document.getElementById("header")?.append(...appearance(theme));
  const form = /** @type {HTMLFormElement} */ (document.getElementById("visit"));
  const name = /** @type {HTMLInputElement?} */ (form.querySelector("#name"));
  const password = /** @type {HTMLInputElement?} */ (form.querySelector("#password"));
  const answer = /** @type {HTMLElement} */ (form.querySelector("[role=alert]"));
  onSubmit(form, answer, async () => {
    try {
      const { path } = await api.openLink({
        token,
        ...(name ? { name: name.value } : {}),
        ...(password ? { password: password.value } : {}),
      });
      location.replace(under(path)); // Back does not lead here again, and no address holds the link's secret any more
    } catch (error) {
      password?.select();
      throw error;
    }
  });
}
