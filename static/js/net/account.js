/** Whose page it is, where people have accounts: as the server says in `<html data-account>`. */

const { account, accountName = "", admin } = globalThis.document?.documentElement?.dataset ?? {};

/** Null: nobody is signed in, or the server has no accounts. */
export const ACCOUNT = account ? Object.freeze({ id: account, name: accountName, isAdmin: admin !== undefined }) : null;

/** Empty where `ACCOUNT` is null. */
export const ACCOUNT_ID = ACCOUNT?.id ?? "";

/** With each request: the server refuses those of a page whose browser somebody else has signed in to. @type {Record<string, string>} */
export const OF_PAGE = ACCOUNT ? { "Samphire-Account": ACCOUNT.id } : {};

/** Names what this browser keeps for whose page it is: people who share it do not share that. */
export const OWN = ACCOUNT ? `@${ACCOUNT.id}` : "";
