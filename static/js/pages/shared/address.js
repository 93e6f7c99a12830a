/** Where things are: addresses that can be sent. */

import { under } from "../../net/base.js";

export const DEFAULT_PROJECT = "default";

/** Where an image is annotated. @param {string} imageId @param {string} [projectId] */
export function addressOf(imageId, projectId = DEFAULT_PROJECT) {
  return `${projectAddress(projectId)}/images/${encodeURIComponent(imageId)}`;
}

/** @param {string} projectId */
export function projectAddress(projectId) {
  return under(`/projects/${encodeURIComponent(projectId)}`);
}
