/**
 * A page whose sign-in has ended goes on: it says so, and asks for the password in place, so that nothing on it is lost.
 * Where the server has no accounts, none of this happens.
 */

import { staticUrl } from "../../../core/address.js";
import { t } from "../../../core/text.js";
import { ACCOUNT, SELF, VISIT } from "../../../net/account.js";
import { createApi } from "../../../net/api.js";
import { under } from "../../../net/base.js";
import { h } from "../dom.js";
import { createToasts } from "../popups/toasts.js";
import { signIn, signInForm } from "./signing.js";
import { countUnread, news } from "./unread.js";
import { visitEnded } from "./visit.js";

/** @typedef {ReturnType<typeof createSession>} Session */

const LISTENS_AFTER_MS = 2000; // the page's own requests come first
const COOKIE_MS = 1500; // a new password ends the sign-in before the answer brings the next one's cookie

export function createSession() {
  const quiet = createApi();
  let held = /** @type {Pick<import("../../../net/socket.js").Live, 'on'|'active'|'reconnect'>|null} */ (null);
  /** Takes away what is said of it; null: nothing is to be said. @type {(() => void)|null} */
  let told = null;

  function ended() {
    if (VISIT) return visitEnded();
    if (!ACCOUNT || told) return;
    told = createToasts(document.body)({
      text: t("You're signed out. Sign in to continue; nothing on this page is lost."),
      action: { title: t("Sign in"), perform: ask },
    });
  }

  function back() {
    told?.();
    told = null;
    held?.reconnect();
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
      h("p", { class: "dialog-aside" }, h("a", { href: other }, t("Other ways to sign in"))),
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

  /** Whether the server still knows whose page it is, asked when there is reason to doubt it; not when it is out of reach. */
  async function check() {
    if (!SELF) return false;
    const isKnown = async () => isWhose(await quiet.visitor().catch(nobody));
    const later = () => new Promise((resolve) => setTimeout(resolve, COOKIE_MS));
    try {
      const known = (await isKnown()) || (await later().then(isKnown));
      if (!known) ended();
      else if (told) back();
      return known;
    } catch {
      return false; // out of reach: that is said elsewhere
    }
  }
  globalThis.document?.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void check());
  globalThis.window?.addEventListener("pageshow", ({ persisted }) => persisted && void leave());

  /** A page that the way back led to, as it was left: of nobody's it shows nothing. */
  async function leave() {
    if (!SELF) return;
    const visitor = await quiet.visitor().catch(nobody).catch(() => null);
    if (visitor && !isWhose(visitor)) location.reload();
  }

  /** Keeps the page's socket connected as whoever is signed in, and hears of the inbox by it. @param {NonNullable<typeof held>} socket */
  function hold(socket) {
    held = socket;
    socket.on("dismissed", async () => {
      // The server lets go whose sign-in has ended; another may have taken its place, as after a new password.
      if ((await check()) && !socket.active) socket.reconnect();
    });
    if (!ACCOUNT) return;
    socket.on("connect", () => void countUnread(quiet));
    socket.on("inbox:changed", () => {
      news.value += 1;
      void countUnread(quiet);
    });
  }

  return { ended, check, ask, hold };
}

/** Whether it is they whose page it is. @param {Pick<import("../../../net/accounts-api.js").Visitor, "account"|"visit">} visitor */
const isWhose = ({ account, visit }) => (visit?.id ?? account?.id) === SELF;

/** Of a visit that has ended the server says that alone. @param {{status?: number}} error */
function nobody(error) {
  if (error.status !== 401) throw error;
  return { account: null, visit: null };
}

/** The API for a page that has no socket of its own, and nothing else to do when its sign-in has ended. */
export function pageApi() {
  const session = createSession();
  if (ACCOUNT) {
    setTimeout(async () => {
      const live = await import(staticUrl("js/later/inbox-live.js")).catch(() => null); // then the bell is as old as the page
      if (live) session.hold(live.openSocket());
    }, LISTENS_AFTER_MS);
  }
  return createApi({ onSignedOut: session.ended });
}

/** The address of this page below the server's own. */
function here() {
  return location.pathname.slice(under("").length) + location.search + location.hash;
}
