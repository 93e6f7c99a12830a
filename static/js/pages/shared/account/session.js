/**
 * A page whose sign-in has ended goes on: it says so, and asks for the password in place, so that nothing on it is lost.
 * Where the server has no accounts, none of this happens.
 */

import { t } from "../../../core/text.js";
import { ACCOUNT } from "../../../net/account.js";
import { createApi } from "../../../net/api.js";
import { under } from "../../../net/base.js";
import { h } from "../dom.js";
import { createToasts } from "../popups/toasts.js";
import { signIn, signInForm } from "./signing.js";

/** @typedef {ReturnType<typeof createSession>} Session */

/** @param {{onBack?: () => void}} [parts]  onBack: called when the server knows again whose page it is */
export function createSession({ onBack = () => {} } = {}) {
  const quiet = createApi();
  /** Takes away what is said of it; null: nothing is to be said. @type {(() => void)|null} */
  let told = null;

  function ended() {
    if (!ACCOUNT || told) return;
    told = createToasts(document.body)({
      text: t("You're signed out. Sign in to continue; nothing on this page is lost."),
      action: { title: t("Sign in"), perform: ask },
    });
  }

  function back() {
    told?.();
    told = null;
    onBack();
  }

  /** In a dialog over the page. */
  function ask() {
    if (!ACCOUNT) return;
    told?.();
    const cancel = h("button", { type: "button", class: "button", onclick: () => dialog.close() }, t("Not now"));
    const form = signInForm(
      {
        id: "again",
        name: ACCOUNT.name,
        action: t("Sign in"),
        async attempt(name, password) {
          const account = await signIn(quiet, name, password);
          if (account?.id !== ACCOUNT?.id) return location.reload(); // a name that is somebody else's by now
          dialog.close("in");
        },
      },
      cancel,
    );
    const other = under(`/sign-in?${new URLSearchParams({ next: here() })}`);
    const dialog = h(
      "dialog",
      { class: "dialog", "aria-labelledby": "again-title" },
      h("h2", { id: "again-title" }, t("Sign in again")),
      h("p", { class: "muted" }, t("Your session has ended. Unsaved changes stay in this browser.")),
      form,
      h("p", { class: "muted" }, h("a", { href: other }, t("Other ways to sign in"))),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (dialog.returnValue === "in") return back();
      told = null;
      ended();
    });
    told = () => dialog.open && dialog.close("in"); // signed in elsewhere meanwhile
    document.body.append(dialog);
    dialog.showModal();
  }

  /** Whether the server still knows whose page it is; called when the page has reason to doubt it. */
  async function check() {
    if (!ACCOUNT) return;
    const visitor = await quiet.visitor().catch(() => null); // out of reach: that is said elsewhere
    if (!visitor) return;
    if (visitor.account?.id !== ACCOUNT.id) ended();
    else if (told) back();
  }
  globalThis.document?.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void check());
  globalThis.window?.addEventListener("pageshow", ({ persisted }) => persisted && void leave());

  /** A page that the way back led to, as it was left: of nobody's it shows nothing. */
  async function leave() {
    if (!ACCOUNT) return;
    const visitor = await quiet.visitor().catch(() => null);
    if (visitor && visitor.account?.id !== ACCOUNT.id) location.reload();
  }

  return { ended, check, ask };
}

/** The API for a page that has nothing else to do when its sign-in has ended. */
export const pageApi = () => createApi({ onSignedOut: createSession().ended });

/** The address of this page below the server's own. */
function here() {
  return location.pathname.slice(under("").length) + location.search + location.hash;
}
