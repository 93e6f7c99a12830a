/** Addresses of the HTTP API that several parts of it begin with. */

/** @param {string} projectId */
export const projectPath = (projectId) => `/api/projects/${encodeURIComponent(projectId)}`;

/** An image as a project has it. @param {string} projectId @param {string} imageId */
export const projectImagePath = (projectId, imageId) => `${projectPath(projectId)}/images/${encodeURIComponent(imageId)}`;
