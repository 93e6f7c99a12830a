/** The part of the HTTP API that is about working together: who works on which images. */

import { projectPath } from "./paths.js";
import { query } from "./transfers.js";

/** @typedef {import("../core/api-types.js").Share} Share */
/** @typedef {import("../core/api-types.js").NewAssignments} NewAssignments */
/** @typedef {import("../core/api-types.js").AssignmentAnswer} AssignmentAnswer */
/** @typedef {import("../core/api-types.js").Taken} Taken */

/** @param {(path: string, method?: string, body?: unknown) => Promise<any>} json */
export function createWorkApi(json) {
  return {
    /** Who has how many images in which state. @param {string} projectId @returns {Promise<Share[]>} */
    shares: async (projectId) => (await json(`${projectPath(projectId)}/assignments`)).shares,
    /** @param {string} projectId @param {NewAssignments} wanted @returns {Promise<AssignmentAnswer>} */
    assign: (projectId, wanted) => json(`${projectPath(projectId)}/assignments`, "POST", wanted),
    /**
     * The next image out of the common queue is one's own.
     * @param {string} projectId @param {string} [after]  the image that is left @returns {Promise<Taken>}
     */
    takeImage: (projectId, after) => json(`${projectPath(projectId)}/assignments/take${query({ after })}`, "POST"),
    /**
     * Of an image that is done.
     * @param {string} projectId @param {string} imageId @param {import("../core/api-types.js").Decision} decision
     * @returns {Promise<import("../core/types.js").ProjectImage>}
     */
    review: (projectId, imageId, decision) =>
      json(`${projectPath(projectId)}/images/${encodeURIComponent(imageId)}/review`, "POST", decision),
    /** Images of one's own are nobody's again. @param {string} projectId @param {string[]} ids @returns {Promise<AssignmentAnswer>} */
    giveBack: (projectId, ids) => json(`${projectPath(projectId)}/assignments/give-back`, "POST", { ids }),
  };
}
