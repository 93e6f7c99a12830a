/** The part of the HTTP API that is about webhooks: programs elsewhere that are told what happens in a project. */

import { projectPath } from "./base.js";

/** @typedef {import("../core/api-types.js").Webhook} Webhook */
/** @typedef {import("../core/api-types.js").NewSecret} NewSecret */
/** @typedef {import("../core/api-types.js").Delivery} Delivery */

/** @param {(path: string, method?: string, body?: unknown, options?: {signal?: AbortSignal}) => Promise<any>} json */
export function createWebhooksApi(json) {
  /** @param {string} projectId @param {string} id */
  const hookPath = (projectId, id) => `${projectPath(projectId)}/webhooks/${encodeURIComponent(id)}`;

  return {
    /** @param {string} projectId @param {AbortSignal} signal @returns {Promise<Webhook[]>} */
    webhooks: async (projectId, signal) => (await json(`${projectPath(projectId)}/webhooks`, "GET", undefined, { signal })).webhooks,
    /** @param {string} projectId @param {import("../core/api-types.js").NewWebhook} hook @returns {Promise<NewSecret>} */
    addWebhook: (projectId, hook) => json(`${projectPath(projectId)}/webhooks`, "POST", hook),
    /** @param {string} projectId @param {string} id @param {import("../core/api-types.js").WebhookChange} change @returns {Promise<Webhook>} */
    changeWebhook: (projectId, id, change) => json(hookPath(projectId, id), "PATCH", change),
    /** @param {string} projectId @param {string} id @returns {Promise<unknown>} */
    deleteWebhook: (projectId, id) => json(hookPath(projectId, id), "DELETE"),
    /** @param {string} projectId @param {string} id @returns {Promise<Delivery>} */
    pingWebhook: (projectId, id) => json(`${hookPath(projectId, id)}/ping`, "POST"),
    /** The newest first. @param {string} projectId @param {string} id @param {AbortSignal} signal @returns {Promise<Delivery[]>} */
    deliveries: async (projectId, id, signal) => (await json(`${hookPath(projectId, id)}/deliveries`, "GET", undefined, { signal })).deliveries,
    /** @param {string} projectId @param {string} id @param {string} delivery @returns {Promise<Delivery>} */
    redeliver: (projectId, id, delivery) =>
      json(`${hookPath(projectId, id)}/deliveries/${encodeURIComponent(delivery)}/redeliver`, "POST"),
  };
}
