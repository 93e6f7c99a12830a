/** The part of the HTTP API that is about what was deleted, and about the space things take. */

import { query } from "./transfers.js";

/** @typedef {import("../core/types.js").ImageState} ImageState */
/**
 * @typedef {object} RemovedImage
 * @property {string} id
 * @property {string} name
 * @property {ImageState} state
 * @property {number} width
 * @property {number} height
 * @property {number} bytes
 * @property {number} annotation_count
 * @property {string} thumbnail_url
 * @property {string} removed_at  UTC
 * @property {string} until  when it is deleted permanently, UTC
 */
/** @typedef {{images: RemovedImage[], next: string|null, total: number}} TrashPage */
/** @typedef {{ids: string[]} | {all: true}} TrashChoice */
/** @typedef {{free_bytes: number, total_bytes: number, can_go: Array<{what: string, bytes: number}>}} Storage */

/** @param {(path: string, method?: string, body?: unknown) => Promise<any>} json */
export function createTrashApi(json) {
  /** @param {string} projectId */
  const projectPath = (projectId) => `/api/projects/${encodeURIComponent(projectId)}`;

  return {
    /** What was removed last comes first. @param {string} projectId @param {string|null} [after] @returns {Promise<TrashPage>} */
    trash: (projectId, after) => json(`${projectPath(projectId)}/trash${query({ after })}`),
    /** @param {string} projectId @param {TrashChoice} chosen @returns {Promise<{changed: number}>} */
    restoreTrash: (projectId, chosen) => json(`${projectPath(projectId)}/trash/restore`, "POST", chosen),
    /** Permanently. @param {string} projectId @param {TrashChoice} chosen @returns {Promise<{changed: number}>} */
    deleteTrash: (projectId, chosen) => json(`${projectPath(projectId)}/trash/delete`, "POST", chosen),
    /** @param {string} projectId @returns {Promise<import("../core/types.js").Project>} */
    restoreProject: (projectId) => json(`${projectPath(projectId)}/restore`, "POST"),
    /** Permanently, one that is deleted. @param {string} projectId @returns {Promise<unknown>} */
    deleteProjectForever: (projectId) => json(`${projectPath(projectId)}/delete-forever`, "POST"),
    /** @returns {Promise<Storage>} */
    storage: async () => (await json("/api/status")).storage,
  };
}
