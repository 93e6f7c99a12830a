/** The part of the HTTP API that is about the work on images: whose it is, how alike people do it, what jobs do of it. */

import { projectImagePath, projectPath } from "./base.js";
import { query } from "./transfers.js";

/** @typedef {import("../core/api-types.js").Share} Share */
/** @typedef {import("../core/api-types.js").NewAssignments} NewAssignments */
/** @typedef {import("../core/api-types.js").AssignmentAnswer} AssignmentAnswer */
/** @typedef {import("../core/api-types.js").Taken} Taken */
/** @typedef {import("../core/api-types.js").AgreementReport} AgreementReport */
/** @typedef {import("../core/api-types.js").ImageAgreementPage} ImageAgreementPage */
/** @typedef {import("../core/api-types.js").ConsensusStanding} ConsensusStanding */
/** @typedef {import("../core/api-types.js").ConsensusAnswer} ConsensusAnswer */
/** @typedef {import("../core/api-types.js").NewConsensus} NewConsensus */
/** @typedef {{person?: string, label?: string, offset?: number, limit?: number}} ImagesWanted */

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
      json(`${projectImagePath(projectId, imageId)}/review`, "POST", decision),
    /** Images of one's own are nobody's again. @param {string} projectId @param {string[]} ids @returns {Promise<AssignmentAnswer>} */
    giveBack: (projectId, ids) => json(`${projectPath(projectId)}/assignments/give-back`, "POST", { ids }),
  };
}

/** How alike people segment, and objects made of several people's. @param {(path: string, method?: string, body?: unknown, options?: {signal?: AbortSignal}) => Promise<any>} json @param {string} base */
export function createAgreementApi(json, base) {
  return {
    /** @param {string} projectId @returns {Promise<AgreementReport>} */
    agreement: (projectId) => json(`${projectPath(projectId)}/agreement`),
    /** Has it worked out anew. @param {string} projectId @returns {Promise<AgreementReport>} */
    updateAgreement: (projectId) => json(`${projectPath(projectId)}/agreement`, "POST"),
    /** @param {string} projectId @param {ImagesWanted} wanted @param {AbortSignal} signal @returns {Promise<ImageAgreementPage>} */
    agreementImages: (projectId, wanted, signal) => json(`${projectPath(projectId)}/agreement/images${query(wanted)}`, "GET", undefined, { signal }),
    /** Where a table is to be had. @param {string} projectId @param {"people"|"pairs"|"labels"|"images"} sheet */
    sheetUrl: (projectId, sheet) => `${base}${projectPath(projectId)}/agreement/${sheet}.csv`,
    /**
     * Where two people differ, as a picture that lies over the image's thumbnail.
     * @param {string} projectId @param {string} imageId @param {string} first @param {string} second
     */
    differencesUrl: (projectId, imageId, first, second) =>
      `${base}${projectImagePath(projectId, imageId)}/differences.png${query({ first, second })}`,
    /** @param {string} projectId @returns {Promise<ConsensusStanding>} */
    consensus: (projectId) => json(`${projectPath(projectId)}/consensus`),
    /** On all images that are ready. @param {string} projectId @param {"majority"|"staple"} method @returns {Promise<ConsensusStanding>} */
    makeAllConsensus: (projectId, method) => json(`${projectPath(projectId)}/consensus`, "POST", { method }),
    /** @param {string} projectId @param {string} imageId @param {NewConsensus} wanted @returns {Promise<ConsensusAnswer>} */
    makeConsensus: (projectId, imageId, wanted) => json(`${projectImagePath(projectId, imageId)}/consensus`, "POST", wanted),
  };
}

/** Masks made by jobs on the images of a project; `pages/project/masks/asking.js` has what can be asked. @param {(path: string, method?: string, body?: unknown) => Promise<any>} json */
export const createMaskRunsApi = (json) => ({
  /** @param {string} projectId @param {string} path  below their address @param {string} [method] @param {unknown} [body] @returns {Promise<any>} */
  maskRuns: (projectId, path, method, body) => json(`${projectPath(projectId)}/mask-runs${path}`, method, body),
});
