/** Images that go straight into the bucket, where the server has one that browsers reach; it then takes them in as any other. */

import { ApiError } from "../core/errors.js";

/** @typedef {import("./transfers.js").TransferOptions} TransferOptions */
/** @typedef {import("../core/types.js").ProjectImage} ProjectImage */
/** @typedef {import("../core/api-types.js").DirectUpload} DirectUpload */

const LEAST_BYTES = 1_000_000; // less is sent to the server sooner than three requests are answered
const VERDICT_MS = 300_000; // the image is read first

/** Whether the server has such a bucket, as it says in `<html data-direct>`. */
export const DIRECT = globalThis.document?.documentElement?.dataset.direct !== undefined;

/**
 * @param {object} parts
 * @param {(path: string, method: string, body: unknown, options: {signal?: AbortSignal, limitMs?: number}) => Promise<any>} parts.json
 * @param {(url: string, body: Blob, contentType: string, options: TransferOptions) => Promise<unknown>} parts.put  into the bucket
 * @param {boolean} [parts.reached]  whether browsers can reach it
 */
export function createDirectUploads({ json, put, reached = DIRECT }) {
  /**
   * Null: it is to be sent to the server instead. Fails as sending it there does.
   * @param {string} projectPath @param {Blob} file @param {string} name  with its folders @param {TransferOptions} options
   * @returns {Promise<ProjectImage|null>}
   */
  return async function add(projectPath, file, name, options) {
    if (!reached || file.size < LEAST_BYTES) return null;
    const { signal } = options;
    const path = `${projectPath}/uploads`;
    /** @type {DirectUpload} */
    let offered;
    try {
      offered = await json(path, "POST", { bytes: file.size }, { signal });
    } catch (error) {
      if (signal?.aborted) throw error;
      return null;
    }
    try {
      await put(offered.url, file, offered.content_type, options);
    } catch (error) {
      if (signal?.aborted) throw error;
      reached = false; // as the bucket does not allow it, or this network: that will not change for the next
      return null;
    }
    const about = { name, folders: name.includes("/") };
    try {
      return await json(`${path}/${offered.id}`, "POST", about, { signal, limitMs: VERDICT_MS });
    } catch (error) {
      if (error instanceof ApiError && error.code === "upload_not_found") return null;
      throw error;
    }
  };
}
