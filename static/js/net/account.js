/** Whose page it is, where people have accounts: as the server says in `<html data-account>`. */

const { account, accountName = "", admin, visitor, visit, visitorName = "" } =
  globalThis.document?.documentElement?.dataset ?? {};

/** Null: nobody is signed in, or the server has no accounts. */
export const ACCOUNT = account ? Object.freeze({ id: account, name: accountName, isAdmin: admin !== undefined }) : null;

/** Null: whose page it is did not come by a link. `name`: as others read it; "" where nothing that they do is saved. */
export const VISIT = visitor
  ? Object.freeze({ id: visitor, name: visitorName, kind: /** @type {import("../core/api-types.js").Link["kind"]} */ (visit) })
  : null;

/** Id of either, on what they do; empty where there is neither. */
export const SELF = ACCOUNT?.id ?? VISIT?.id ?? "";

/** With each request: the server refuses those of a page whose browser somebody else has signed in to. @type {Record<string, string>} */
export const OF_PAGE = SELF ? { "Samphire-Account": SELF } : {};

/** Names what this browser keeps for whose page it is: people who share it do not share that. */
export const OWN = SELF ? `@${SELF}` : "";
