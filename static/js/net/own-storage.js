/** What this browser keeps for whose page it is, and that a visitor's goes with the visit. */

import { OWN } from "./account.js";
import { BASE } from "./base.js";

/** The database of changes that the server does not have yet: of one server, since others may share its host. */
export const OUTBOX = `samphire-outbox${BASE}${OWN}`;

function forget() {
  try {
    for (const name of Object.keys(localStorage)) if (name.endsWith(OWN)) localStorage.removeItem(name);
    indexedDB.deleteDatabase(OUTBOX);
  } catch {
    // Forbidden storage: nothing is in it.
  }
}

/** Of a visit that is over nobody asks for it again. The page may write until it is closed. */
export function forgetVisit() {
  if (!OWN) return;
  forget();
  addEventListener("pagehide", forget);
}
