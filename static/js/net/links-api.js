/** The part of the HTTP API that is about links which lead strangers into a project. */

import { projectPath } from "./paths.js";

/** @typedef {import("../core/api-types.js").Link} Link */
/** @typedef {import("../core/api-types.js").LinkList} LinkList */
/** @typedef {import("../core/api-types.js").MadeLink} MadeLink */
/** @typedef {import("../core/api-types.js").NewLink} NewLink */

/** @param {(path: string, method?: string, body?: unknown) => Promise<any>} json */
export function createLinksApi(json) {
  return {
    /** @param {string} projectId @returns {Promise<LinkList>} */
    links: (projectId) => json(`${projectPath(projectId)}/links`),
    /** @param {string} projectId @param {NewLink} link @returns {Promise<MadeLink>} */
    makeLink: (projectId, link) => json(`${projectPath(projectId)}/links`, "POST", link),
    /** Nobody comes by it from then on, and who did is shown out. @param {string} projectId @param {string} id @returns {Promise<unknown>} */
    endLink: (projectId, id) => json(`${projectPath(projectId)}/links/${encodeURIComponent(id)}`, "DELETE"),
  };
}
