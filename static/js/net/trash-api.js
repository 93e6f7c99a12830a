/** The part of the HTTP API that is about what was deleted, and about the space things take. */

import { projectPath } from "./base.js";
import { query } from "./transfers.js";

/** @typedef {import("../core/api-types.js").RemovedImage} RemovedImage */
/** @typedef {import("../core/api-types.js").TrashPage} TrashPage */
/** @typedef {import("../core/api-types.js").TrashChoice} TrashChoice */
/** @typedef {import("../core/api-types.js").Storage} Storage */

/** @param {(path: string, method?: string, body?: unknown, options?: {signal?: AbortSignal}) => Promise<any>} json */
export function createTrashApi(json) {
  return {
    /** What was removed last comes first. @param {string} projectId @param {string|null} after @param {AbortSignal} signal @returns {Promise<TrashPage>} */
    trash: (projectId, after, signal) => json(`${projectPath(projectId)}/trash${query({ after })}`, "GET", undefined, { signal }),
    /** @param {string} projectId @param {TrashChoice} chosen @returns {Promise<import("../core/api-types.js").BulkAnswer>} */
    restoreTrash: (projectId, chosen) => json(`${projectPath(projectId)}/trash/restore`, "POST", chosen),
    /** Permanently. @param {string} projectId @param {TrashChoice} chosen @returns {Promise<import("../core/api-types.js").BulkAnswer>} */
    deleteTrash: (projectId, chosen) => json(`${projectPath(projectId)}/trash/delete`, "POST", chosen),
    /** @param {string} projectId @returns {Promise<import("../core/types.js").Project>} */
    restoreProject: (projectId) => json(`${projectPath(projectId)}/restore`, "POST"),
    /** Permanently, one that is deleted. @param {string} projectId @returns {Promise<unknown>} */
    deleteProjectForever: (projectId) => json(`${projectPath(projectId)}/delete-forever`, "POST"),
    /** null: it is not for this person to know. @returns {Promise<Storage|null>} */
    storage: async () => (await json("/api/status")).storage,
  };
}
