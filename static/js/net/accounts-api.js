/** The part of the HTTP API that is about people: who is signed in, their accounts, links for others. */

import { projectPath } from "./base.js";

/** @typedef {import("../core/api-types.js").Visitor} Visitor */
/** @typedef {import("../core/api-types.js").Account} Account */
/** @typedef {import("../core/api-types.js").SignIn} SignIn */
/** @typedef {import("../core/api-types.js").ApiToken} ApiToken */
/** @typedef {import("../core/api-types.js").MadeApiToken} MadeApiToken */
/** @typedef {import("../core/api-types.js").NewApiToken} NewApiToken */
/** @typedef {import("../core/api-types.js").OpenedInvitation} OpenedInvitation */
/** @typedef {import("../core/api-types.js").Acceptance} Acceptance */
/** @typedef {import("../core/api-types.js").AccountSummary} AccountSummary */
/** @typedef {import("../core/api-types.js").InvitationLink} InvitationLink */
/** @typedef {import("../core/api-types.js").OpenLink} OpenLink */
/** @typedef {import("../core/api-types.js").Identity} Identity */
/** @typedef {import("../core/api-types.js").LinkList} LinkList */
/** @typedef {import("../core/api-types.js").MadeLink} MadeLink */
/** @typedef {import("../core/api-types.js").NewLink} NewLink */
/** @typedef {import("../core/api-types.js").Member} Member */
/** @typedef {import("../core/api-types.js").MemberList} MemberList */
/** @typedef {import("../core/roles.js").Role} Role */

/** @param {(path: string, method?: string, body?: unknown) => Promise<any>} json */
export function createAccountsApi(json) {
  /** @param {string} accountId */
  const accountPath = (accountId) => `/api/accounts/${encodeURIComponent(accountId)}`;
  /** @param {string} [projectId] */
  const linksPath = (projectId) =>
    projectId === undefined ? "/api/invitations" : `${projectPath(projectId)}/invitations`;
  /** @param {string} projectId */
  const membersPath = (projectId) => `${projectPath(projectId)}/members`;

  return {
    /** @returns {Promise<Visitor>} */
    visitor: () => json("/api/account"),
    /** @param {string} name @param {string} password @returns {Promise<Visitor>} */
    signIn: (name, password) => json("/api/account/sign-in", "POST", { name, password }),
    /** @param {boolean} everywhere  in all browsers @returns {Promise<unknown>} */
    signOut: (everywhere) => json("/api/account/sign-out", "POST", { everywhere }),
    /** @param {string} name @returns {Promise<Account>} */
    renameAccount: (name) => json("/api/account", "PATCH", { name }),
    /** All browsers but this one are signed out. @param {string} current @param {string} next @returns {Promise<Visitor>} */
    changePassword: (current, next) => json("/api/account/password", "POST", { current, new: next }),
    /** @returns {Promise<SignIn[]>} */
    signIns: async () => (await json("/api/account/sign-ins")).sign_ins,
    /** @param {string} id @returns {Promise<unknown>} */
    endSignIn: (id) => json(`/api/account/sign-ins/${encodeURIComponent(id)}`, "DELETE"),
    /** @returns {Promise<ApiToken[]>} */
    apiTokens: async () => (await json("/api/account/tokens")).tokens,
    /** @param {NewApiToken} token @returns {Promise<MadeApiToken>} */
    makeApiToken: (token) => json("/api/account/tokens", "POST", token),
    /** @param {string} id @returns {Promise<unknown>} */
    deleteApiToken: (id) => json(`/api/account/tokens/${encodeURIComponent(id)}`, "DELETE"),

    /** That lead strangers into a project. @param {string} projectId @returns {Promise<LinkList>} */
    links: (projectId) => json(`${projectPath(projectId)}/links`),
    /** @param {string} projectId @param {NewLink} link @returns {Promise<MadeLink>} */
    makeLink: (projectId, link) => json(`${projectPath(projectId)}/links`, "POST", link),
    /** Nobody comes by it from then on, and who did is shown out. @param {string} projectId @param {string} id @returns {Promise<unknown>} */
    endLink: (projectId, id) => json(`${projectPath(projectId)}/links/${encodeURIComponent(id)}`, "DELETE"),
    /** Begins a visit. @param {{token: string, name?: string, password?: string}} link @returns {Promise<{path: string}>} */
    openLink: (link) => json("/api/links/open", "POST", link),
    /** Ends this browser's visit. */
    leaveVisit: () => json("/api/links/leave", "POST"),
    /** What a link is for. @param {string} secret @returns {Promise<OpenedInvitation>} */
    openInvitation: (secret) => json("/api/invitations/open", "POST", { secret }),
    /** Signs in. @param {Acceptance} acceptance @returns {Promise<Visitor>} */
    acceptInvitation: (acceptance) => json("/api/invitations/accept", "POST", acceptance),
    /** With one's own account; the project's id. @param {string} secret @returns {Promise<string>} */
    joinProject: async (secret) => (await json("/api/invitations/join", "POST", { secret })).project,

    /** To follow a link by signing in with the provider; the address to go on to. @param {string} secret @returns {Promise<string>} */
    acceptWithProvider: async (secret) => (await json("/api/invitations/provider", "POST", { secret })).address,
    /** Who at the provider signs in to one's account. @returns {Promise<Identity[]>} */
    identities: async () => (await json("/api/account/identities")).identities,
    /** To have the account signed in to with the provider; the address to go on to. @returns {Promise<string>} */
    linkIdentity: async () => (await json("/api/account/identities", "POST")).address,
    /** @param {string} id @returns {Promise<unknown>} */
    removeIdentity: (id) => json(`/api/account/identities/${encodeURIComponent(id)}`, "DELETE"),

    /** @returns {Promise<AccountSummary[]>} */
    accounts: async () => (await json("/api/accounts")).accounts,
    /** @param {boolean} isAdmin @returns {Promise<InvitationLink>} */
    invite: (isAdmin) => json("/api/invitations", "POST", { is_admin: isAdmin }),
    /** Links that nobody has followed yet. @param {string} [projectId]  those into it alone @returns {Promise<OpenLink[]>} */
    openLinks: async (projectId) => (await json(linksPath(projectId))).links,
    /** @param {string} id @param {string} [projectId] @returns {Promise<unknown>} */
    revokeLink: (id, projectId) => json(`${linksPath(projectId)}/${encodeURIComponent(id)}`, "DELETE"),
    /** A link that gives a new password. @param {string} accountId @returns {Promise<InvitationLink>} */
    resetPassword: (accountId) => json(`${accountPath(accountId)}/reset`, "POST"),
    /** @param {string} accountId @param {boolean} enabled @returns {Promise<AccountSummary>} */
    enableAccount: (accountId, enabled) =>
      json(`${accountPath(accountId)}/${enabled ? "enable" : "disable"}`, "POST"),
    /** @param {string} accountId @param {boolean} isAdmin @returns {Promise<AccountSummary>} */
    changeRights: (accountId, isAdmin) => json(accountPath(accountId), "PATCH", { is_admin: isAdmin }),

    /** Who works on a project. @param {string} projectId @returns {Promise<MemberList>} */
    members: (projectId) => json(membersPath(projectId)),
    /** @param {string} projectId @param {string} name  whole @param {Role} role @returns {Promise<Member>} */
    addMember: (projectId, name, role) => json(membersPath(projectId), "POST", { account: name, role }),
    /** @param {string} projectId @param {string} accountId @param {Role} role @returns {Promise<Member>} */
    changeMember: (projectId, accountId, role) =>
      json(`${membersPath(projectId)}/${encodeURIComponent(accountId)}`, "PATCH", { role }),
    /** Everybody may leave. @param {string} projectId @param {string} accountId @returns {Promise<unknown>} */
    removeMember: (projectId, accountId) =>
      json(`${membersPath(projectId)}/${encodeURIComponent(accountId)}`, "DELETE"),
    /** @param {string} projectId @param {Role} role @returns {Promise<InvitationLink>} */
    inviteToProject: (projectId, role) =>
      json(linksPath(projectId), "POST", { role }),
  };
}
