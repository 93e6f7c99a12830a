/** Addresses of the HTTP API that several parts of it begin with. */

/** @param {string} projectId */
export const projectPath = (projectId) => `/api/projects/${encodeURIComponent(projectId)}`;
