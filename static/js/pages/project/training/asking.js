/** What can be asked of a project's trainings, and how one hears how they go. */

import { signal } from "../../../core/signals.js";
import { BASE, projectPath } from "../../../net/base.js";
import { createSocket } from "../../../net/socket.js";
import { query } from "../../../net/transfers.js";

/** @typedef {import("../../../core/api-types.js").Training} Training */
/** @typedef {import("../../../core/api-types.js").TrainingDetails} TrainingDetails */
/** @typedef {ReturnType<typeof trainingsOf>} Trainings */

const STOP_MS = 30_000; // its program writes down how far it is before it ends
const ASK_AGAIN_MS = 2_000; // while the socket is not connected
const GOING = new Set(["queued", "running"]);

/** @param {Training} training */
export const isGoing = ({ state }) => GOING.has(state);

/** @param {import("../../../net/api.js").Api} api @param {string} projectId */
export function trainingsOf(api, projectId) {
  const path = `${projectPath(projectId)}/trainings`;
  return {
    /** @returns {Promise<import("../../../core/api-types.js").TrainingList>} */
    list: () => api.json(path),
    /** @param {string} id @returns {Promise<TrainingDetails>} */
    get: (id) => api.json(`${path}/${id}`),
    /**
     * @param {{what: string, label?: string, segmenter?: string, minutes?: string}} asked @param {AbortSignal} signal
     * @returns {Promise<import("../../../core/api-types.js").TrainingEstimate>}
     */
    estimate: (asked, signal) => api.json(`${path}/estimate${query(asked)}`, "GET", undefined, { signal }),
    /** @param {import("../../../core/api-types.js").NewTraining} asked @returns {Promise<TrainingDetails>} */
    start: (asked) => api.json(path, "POST", asked),
    /** @param {string} id @param {"pause"|"resume"|"finish"} verb @returns {Promise<TrainingDetails>} */
    to: (id, verb) => api.json(`${path}/${id}/${verb}`, "POST", undefined, { limitMs: STOP_MS }),
    /** @param {string} id @returns {Promise<void>} */
    remove: (id) => api.json(`${path}/${id}`, "DELETE", undefined, { limitMs: STOP_MS }),
    /** @param {string} id */
    reportUrl: (id) => `${BASE}${path}/${id}/report`,
  };
}

/**
 * Tells news of the trainings as they come; where they may have been missed, that all is to be asked for anew.
 * @param {string} projectId
 * @param {object} heard
 * @param {(training: Training) => void} heard.changed
 * @param {(id: string, point: import("../../../core/api-types.js").TrainingPoint) => void} heard.point
 * @param {() => void} heard.missed
 */
export function hearTrainings(projectId, { changed, point, missed }) {
  const socket = createSocket({ online: signal(true), project: projectId });
  let hears = false;
  socket.on("connect", () => {
    socket.say("watch_trainings", {}).then(
      () => {
        hears = true;
        missed();
      },
      () => {}, // asked for by the clock
    );
  });
  socket.on("disconnect", () => (hears = false));
  socket.on("training:progress", ({ training }) => changed(training));
  socket.on("training:ended", ({ training }) => changed(training));
  socket.on("training:point", ({ training, point: told }) => point(training, told));
  window.setInterval(() => !hears && missed(), ASK_AGAIN_MS);
}
