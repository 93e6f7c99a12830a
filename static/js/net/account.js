/** Whose page it is, where people have accounts: as the server says in `<html data-account>`, or `data-visitor` of who came by a link. */

import { BASE } from "./base.js";

/** @typedef {import("../core/api-types.js").Link["kind"]} LinkKind */

const { account, accountName = "", admin, visitor, visitorName = "", visit, visitImage, visitSandbox } = globalThis.document?.documentElement?.dataset ?? {};

/** Null: nobody is signed in, or the server has no accounts. */
export const ACCOUNT = account ? Object.freeze({ id: account, name: accountName, isAdmin: admin !== undefined }) : null;

/**
 * Null: whose page it is did not come by a link. `name`: as others read it; "" where nothing that they do is saved. `image`:
 * the one that the link is of; null: it is of the project. `sandbox`: the project is theirs alone, to add images to.
 */
export const VISIT = visitor
  ? Object.freeze({ id: visitor, name: visitorName, kind: /** @type {LinkKind} */ (visit), image: visitImage || null, sandbox: visitSandbox !== undefined })
  : null;

/** Id of either, on what they do; empty where there is neither. */
export const SELF = ACCOUNT?.id ?? VISIT?.id ?? "";

/** With each request: the server refuses those of a page whose browser is somebody else's by now. @type {Record<string, string>} */
export const OF_PAGE = SELF ? { "Samphire-Account": SELF } : {};

/** Names what this browser keeps for whose page it is: people who share it do not share that. */
export const OWN = SELF ? `@${SELF}` : "";

/** The database of changes that the server does not have yet: of one server, since others may share its host. */
export const OUTBOX = `samphire-outbox${BASE}${OWN}`;

/** Of a visit that is over nobody asks for what was kept. The page may write until it is closed. */
export function forgetVisit() {
  if (!VISIT) return;
  forgetOwn();
  addEventListener("pagehide", forgetOwn);
}

function forgetOwn() {
  try {
    for (const name of Object.keys(localStorage)) if (name.endsWith(OWN)) localStorage.removeItem(name);
    indexedDB.deleteDatabase(OUTBOX);
  } catch {
    // Forbidden storage: nothing is in it.
  }
}
