/** The part of the HTTP API that is about comments, and the inbox that tells of them. */

import { projectImagePath, projectPath } from "./base.js";
import { query } from "./transfers.js";

/** @typedef {import("../core/api-types.js").Thread} Thread */
/** @typedef {import("../core/api-types.js").NewComment} NewComment */
/** @typedef {import("../core/api-types.js").InboxPage} InboxPage */

/** @param {(path: string, method?: string, body?: unknown, options?: {signal?: AbortSignal}) => Promise<any>} json */
export function createCommentsApi(json) {
  /** @param {string} projectId @param {string} imageId */
  const onImage = (projectId, imageId) => `${projectImagePath(projectId, imageId)}/comments`;
  /** @param {string} projectId @param {string} id */
  const one = (projectId, id) => `${projectPath(projectId)}/comments/${encodeURIComponent(id)}`;

  return {
    /** @param {string} projectId @param {string} imageId @returns {Promise<import("../core/api-types.js").ThreadList>} */
    comments: (projectId, imageId) => json(onImage(projectId, imageId)),
    /** One that is sent again with its id is not made twice. @param {string} projectId @param {string} imageId @param {NewComment} comment @returns {Promise<Thread>} */
    addComment: (projectId, imageId, comment) => json(onImage(projectId, imageId), "POST", comment),
    /** @param {string} projectId @param {string} id @param {import("../core/api-types.js").CommentChange} change @returns {Promise<Thread>} */
    changeComment: (projectId, id, change) => json(one(projectId, id), "PATCH", change),
    /** @param {string} projectId @param {string} id @returns {Promise<void>} */
    deleteComment: (projectId, id) => json(one(projectId, id), "DELETE"),
    /** @param {number|null} before  id of the item after which to continue @param {AbortSignal} signal @returns {Promise<InboxPage>} */
    inbox: (before, signal) => json("/api/account/inbox" + query({ before }), "GET", undefined, { signal }),
    /** @returns {Promise<number>} */
    unread: async () => (await json("/api/account/inbox/unread")).unread,
    /** How much is left. @param {import("../core/api-types.js").Read} which @returns {Promise<number>} */
    markRead: async (which) => (await json("/api/account/inbox/read", "POST", which)).unread,
  };
}
