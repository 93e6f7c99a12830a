/** What can be asked of the jobs that make masks of a project's images. */

/** @typedef {import("../../../core/api-types.js").MaskRunStanding} MaskRunStanding */
/** @typedef {ReturnType<typeof maskRunsOf>} MaskRuns */

/** @param {import("../../../net/api.js").Api} api @param {string} projectId */
export function maskRunsOf(api, projectId) {
  const ask = api.maskRuns.bind(null, projectId);
  return {
    /** @returns {Promise<MaskRunStanding>} */
    standing: () => ask(""),
    /** @returns {Promise<MaskRunStanding>} */
    startBoxes: () => ask("/boxes", "POST", {}),
    /** @param {import("../../../core/api-types.js").NewAutomaticRun} asked @returns {Promise<MaskRunStanding>} */
    startAutomatic: (asked) => ask("/automatic", "POST", asked),
    /** @param {string} runId @param {"pause"|"resume"|"undo"} verb @returns {Promise<MaskRunStanding>} */
    to: (runId, verb) => ask(`/${runId}/${verb}`, "POST"),
    /** @param {string} runId @returns {Promise<import("../../../core/api-types.js").MaskRunReport>} */
    report: (runId) => ask(`/${runId}/report`),
    /** @param {string} runId @param {string} annotationId @returns {Promise<void>} */
    confirm: (runId, annotationId) => ask(`/${runId}/confirm/${annotationId}`, "POST"),
  };
}
