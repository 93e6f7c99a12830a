/** The part of the HTTP API that is about what happened: who did what when, what objects were, people's work in numbers. */

import { projectImagePath, projectPath } from "./base.js";
import { query } from "./transfers.js";

/** @typedef {import("../core/api-types.js").HistoryPage} HistoryPage */
/** @typedef {import("../core/api-types.js").HistoryEntry} HistoryEntry */
/** @typedef {import("../core/api-types.js").Numbers} Numbers */
/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {{kind?: string, person?: string, from?: string, to?: string, before?: number|string}} HistoryQuery */

/** @param {(path: string, method?: string, body?: unknown, options?: {signal?: AbortSignal}) => Promise<any>} json @param {string} base */
export function createHistoryApi(json, base) {
  /** @param {string} id */
  const objectPath = (id) => `/api/annotations/${encodeURIComponent(id)}`;
  /** @param {string} projectId @param {{from?: string, to?: string, format?: string}} days */
  const numbersPath = (projectId, days) => `${projectPath(projectId)}/numbers${query(days)}`;

  return {
    /** @param {string} projectId @param {HistoryQuery} asked @param {AbortSignal} [signal] @returns {Promise<HistoryPage>} */
    projectHistory: (projectId, asked, signal) => json(`${projectPath(projectId)}/history${query(asked)}`, "GET", undefined, { signal }),
    /** @param {string} projectId @param {string} imageId @param {HistoryQuery} asked @param {AbortSignal} [signal] @returns {Promise<HistoryPage>} */
    imageHistory: (projectId, imageId, asked, signal) => json(`${projectImagePath(projectId, imageId)}/history${query(asked)}`, "GET", undefined, { signal }),
    /** @param {string} id @param {string} project @param {HistoryQuery} asked @param {AbortSignal} [signal] @returns {Promise<HistoryPage>} */
    objectHistory: (id, project, asked, signal) => json(`${objectPath(id)}/history${query({ project, ...asked })}`, "GET", undefined, { signal }),
    /** As it was. @param {string} id @param {string} project @param {number} version @returns {Promise<Annotation>} */
    objectVersion: (id, project, version) => json(`${objectPath(id)}/versions/${version}${query({ project })}`),
    /** @param {string} id @param {string} project @param {{version: number, base: number}} wanted @returns {Promise<Annotation>} */
    restoreObject: (id, project, wanted) => json(`${objectPath(id)}/restore${query({ project })}`, "POST", wanted),
    /**
     * All objects as they were then. @param {string} projectId @param {string} imageId @param {string} at  a time
     * @returns {Promise<{annotations: Annotation[], changed: number}>}
     */
    restoreImage: (projectId, imageId, at) => json(`${projectImagePath(projectId, imageId)}/restore`, "POST", { at }),
    /** @param {string} projectId @param {{from?: string, to?: string}} days @param {AbortSignal} [signal] @returns {Promise<Numbers>} */
    numbers: (projectId, days, signal) => json(numbersPath(projectId, days), "GET", undefined, { signal }),
    /** Of a file for spreadsheets. @param {string} projectId @param {{from?: string, to?: string}} days */
    numbersUrl: (projectId, days) => base + numbersPath(projectId, { ...days, format: "csv" }),
  };
}
