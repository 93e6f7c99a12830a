/** The part of the HTTP API that is about webhooks: programs elsewhere that are told what happens in a project. */

import { projectPath } from "./paths.js";

/** @typedef {import("../core/api-types.js").Webhook} Webhook */
/** @typedef {import("../core/api-types.js").NewSecret} NewSecret */
/** @typedef {import("../core/api-types.js").Delivery} Delivery */

/** @param {(path: string, method?: string, body?: unknown) => Promise<any>} json */
export function createWebhooksApi(json) {
  /** @param {string} projectId @param {string} id */
  const hookPath = (projectId, id) => `${projectPath(projectId)}/webhooks/${encodeURIComponent(id)}`;

  return {
    /** @param {string} projectId @returns {Promise<Webhook[]>} */
    webhooks: async (projectId) => (await json(`${projectPath(projectId)}/webhooks`)).webhooks,
    /** Of all that happens. @param {string} projectId @param {string} url @returns {Promise<NewSecret>} */
    addWebhook: (projectId, url) => json(`${projectPath(projectId)}/webhooks`, "POST", { url }),
    /** @param {string} projectId @param {string} id @param {boolean} paused @returns {Promise<Webhook>} */
    pauseWebhook: (projectId, id, paused) => json(hookPath(projectId, id), "PATCH", { paused }),
    /** @param {string} projectId @param {string} id @returns {Promise<unknown>} */
    deleteWebhook: (projectId, id) => json(hookPath(projectId, id), "DELETE"),
    /** @param {string} projectId @param {string} id @returns {Promise<Delivery>} */
    pingWebhook: (projectId, id) => json(`${hookPath(projectId, id)}/ping`, "POST"),
    /** The newest first. @param {string} projectId @param {string} id @returns {Promise<Delivery[]>} */
    deliveries: async (projectId, id) => (await json(`${hookPath(projectId, id)}/deliveries`)).deliveries,
    /** @param {string} projectId @param {string} id @param {string} delivery @returns {Promise<Delivery>} */
    redeliver: (projectId, id, delivery) =>
      json(`${hookPath(projectId, id)}/deliveries/${encodeURIComponent(delivery)}/redeliver`, "POST"),
  };
}
