/** The part of the HTTP API that is about masks proposed for an image. */

import { projectImagePath } from "../../../net/base.js";

/** @typedef {import("../../../core/api-types.js").ProposalList} ProposalList */
/** @typedef {import("../../../core/api-types.js").ProposalNews} ProposalNews */

/** @typedef {ReturnType<typeof createAsking>} Asking */

/** @param {Pick<import("../../../net/api.js").Api, "json"|"request">} api */
export function createAsking({ json, request }) {
  /** @param {string} projectId @param {string} imageId */
  const path = (projectId, imageId) => `${projectImagePath(projectId, imageId)}/proposals`;

  return {
    /** @param {string} projectId @param {string} imageId @returns {Promise<ProposalList>} */
    proposals: (projectId, imageId) => json(path(projectId, imageId)),
    /** Ends a run. @param {string} projectId @param {string} imageId */
    stopProposing: (projectId, imageId) => json(`${projectImagePath(projectId, imageId)}/stop-proposing`, "POST"),

    /**
     * A run's news, as they come. Who stops listening stops the run.
     * @param {string} projectId @param {string} imageId @param {Partial<import("../../../core/api-types.js").ProposalRun>} wanted @param {AbortSignal} signal
     * @returns {AsyncGenerator<ProposalNews>}
     */
    async *propose(projectId, imageId, wanted, signal) {
      const headers = { "Content-Type": "application/json" };
      const response = await request(path(projectId, imageId), { method: "POST", body: JSON.stringify(wanted), headers, signal });
      const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
      const decoder = new TextDecoder();
      for (let rest = ""; ; ) {
        const { done, value } = await reader.read();
        if (done) return;
        const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) yield JSON.parse(line);
      }
    },
  };
}
