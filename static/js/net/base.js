/**
 * Where the server begins: the path under which a proxy serves it, "" at the root of its host, which its answers leave out;
 * and addresses that several parts of the HTTP API begin with.
 */

/** As the page says, in `<html data-base>`. */
export const BASE = globalThis.document?.documentElement?.dataset?.base ?? "";

/** An address as the server's answers give it, for the browser. @param {string} path */
export const under = (path) => BASE + path;

/** @param {string} projectId */
export const projectPath = (projectId) => `/api/projects/${encodeURIComponent(projectId)}`;

/** An image as a project has it. @param {string} projectId @param {string} imageId */
export const projectImagePath = (projectId, imageId) => `${projectPath(projectId)}/images/${encodeURIComponent(imageId)}`;
