/**
 * The HTTP API as functions; every failure is an ApiError with a sentence and a way on. Knows no signals and no DOM.
 */

import { OF_PAGE } from "./account.js";
import { createAccountsApi } from "./accounts-api.js";
import { BASE } from "./base.js";
import { createHistoryApi } from "./history-api.js";
import { createCommentsApi } from "./comments-api.js";
import { createDirectUploads } from "./direct-uploads.js";
import { createProjectsApi } from "./projects-api.js";
import { createTrashApi } from "./trash-api.js";
import { createWebhooksApi } from "./webhooks-api.js";
import { createAgreementApi, createMaskRunsApi, createWorkApi } from "./work-api.js";
import { STALL_MS, patiently, query, readBody, refusal, sendBody, unreachable } from "./transfers.js";

/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../core/types.js").EmbeddingInfo} EmbeddingInfo */
/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("../core/types.js").SegmenterInfo} SegmenterInfo */
/** @typedef {import("../core/types.js").SegmenterPull} SegmenterPull */
/** @typedef {{segmenter: string, weights: string, version?: string, window?: string}} EmbeddingKey  whose encoder it is, what its embeddings carry, the image as shown, a window of it */
/** @typedef {import("./transfers.js").TransferOptions} TransferOptions */
const SAVE_MS = 20_000; // of one change: all later ones of every page wait for it, and sending it again does no harm

/** @typedef {{state: 'ready', bytes: ArrayBuffer} | {state: 'pending', embedding: EmbeddingInfo}} EmbeddingAnswer */

/**
 * @param {{base?: string, fetch?: typeof fetch, onSignedOut?: () => void}} [options]  base: prefix of every path;
 *   onSignedOut: called when the server does not know whose page it is any more
 */
export function createApi({ base = BASE, fetch: send = fetch.bind(globalThis), onSignedOut = () => {} } = {}) {
  /** @param {import("../core/errors.js").ApiError} error */
  function refused(error) {
    if (error.status === 401) onSignedOut();
    return error;
  }

  /** @param {string} path @param {RequestInit} [init] @returns {Promise<Response>} */
  async function request(path, init) {
    let response;
    try {
      response = await send(base + path, { ...init, headers: { ...OF_PAGE, ...init?.headers } });
    } catch (cause) {
      if (init?.signal?.aborted) throw cause;
      throw unreachable();
    }
    if (!response.ok) throw refused(await refusal(response));
    return response;
  }

  /** @param {string} path @param {FormData|Blob} body @param {TransferOptions} options @param {string} [contentType] of a Blob */
  const upload = (path, body, options, contentType) =>
    sendBody(base + path, body, { ...options, headers: OF_PAGE }, contentType).catch((error) => {
      throw refused(error);
    });

  /**
   * @param {string} path @param {string} [method] @param {unknown} [body]
   * @param {{signal?: AbortSignal, limitMs?: number}} [options]  limitMs: unanswered for longer, the server is unreachable
   */
  function json(path, method = "GET", body, { signal: outer, limitMs = STALL_MS } = {}) {
    /** @type {RequestInit} */
    const init = { method, headers: { Accept: "application/json" } };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { Accept: "application/json", "Content-Type": "application/json" };
    }
    return patiently(
      async (signal) => {
        const response = await request(path, { ...init, signal });
        return response.status === 204 ? null : response.json();
      },
      limitMs,
      outer,
    );
  }

  const uploadDirectly = createDirectUploads({
    json,
    put: (url, body, contentType, options) => sendBody(url, body, options, contentType, "PUT"),
  });

  /** One change of an object, or of an image's state. @param {string} path @param {string} method @param {unknown} [body] */
  const save = (path, method, body) => json(path, method, body, { limitMs: SAVE_MS });

  /** @param {string} imageId */
  const imagePath = (imageId) => `/api/images/${encodeURIComponent(imageId)}`;
  /** @param {string} imageId @param {EmbeddingKey} key */
  const embeddingPath = (imageId, { segmenter, weights, version, window }) =>
    imagePath(imageId) + "/embedding" + query({ segmenter, weights, version, window });
  /** Two projects may have annotations of one id. @param {string} id @param {string} project @param {{version?: number}} [more] */
  const annotationPath = (id, project, more = {}) =>
    `/api/annotations/${encodeURIComponent(id)}` + query({ project, ...more });

  return {
    /** For what is fetched later: any answer, and its JSON. */
    request,
    json,
    ...createProjectsApi({ base, json, save, upload, uploadDirectly }),
    ...createTrashApi(json),
    ...createAccountsApi(json),
    ...createWebhooksApi(json),
    ...createWorkApi(json),
    ...createAgreementApi(json, base),
    ...createMaskRunsApi(json),
    ...createHistoryApi(json, base),
    ...createCommentsApi(json),

    /** The picture the program draws itself. @returns {Promise<ImageInfo>} */
    sample: () => json("/api/sample", "POST"),

    /** Every installed segmenter, with what was measured of it. @returns {Promise<SegmenterInfo[]>} */
    segmenters: async () => (await json("/api/segmenters")).segmenters,

    /** Those that are not installed, as they stand. @returns {Promise<import("../core/types.js").PullList>} */
    pulls: () => json("/api/segmenters/pulls"),
    /** @param {string} segmenter  id @returns {Promise<SegmenterPull>} */
    startPull: (segmenter) => json("/api/segmenters/pulls", "POST", { segmenter }),
    /** Answered when it has ended. @param {string} segmenter  id @returns {Promise<SegmenterPull>} */
    cancelPull: (segmenter) => json(`/api/segmenters/pulls/${encodeURIComponent(segmenter)}`, "DELETE"),

    /**
     * Asks for encoding, again after a failure.
     * @param {string} imageId @param {string} segmenter  id @param {string} [window]  key of one @returns {Promise<EmbeddingInfo>}
     */
    encode: (imageId, segmenter, window) => json(imagePath(imageId) + "/embedding" + query({ segmenter, window }), "POST"),
    /**
     * The embedding's container if it exists, else where its encoding stands.
     * @param {string} imageId @param {EmbeddingKey} key @param {TransferOptions} [options]
     * @returns {Promise<EmbeddingAnswer>}
     */
    embedding(imageId, key, options = {}) {
      return patiently(
        async (signal, alive) => {
          const response = await request(embeddingPath(imageId, key), { signal, priority: options.priority });
          if (response.status === 202) return { state: "pending", embedding: await response.json() };
          return { state: "ready", bytes: await readBody(response, { ...options, signal }, alive) };
        },
        STALL_MS,
        options.signal,
      );
    },
    /**
     * Where an embedding's encoding stands, null when it is ready; a failed one is that error.
     * @param {string} imageId @param {EmbeddingKey} key @returns {Promise<EmbeddingInfo|null>}
     */
    embeddingUnderWay(imageId, key) {
      return patiently(async (signal) => {
        const response = await request(embeddingPath(imageId, key), { signal });
        if (response.status === 202) return response.json();
        await response.body?.cancel();
        return null;
      }, STALL_MS);
    },
    /**
     * Any file as bytes, with progress.
     * @param {string} url @param {TransferOptions} [options] @returns {Promise<ArrayBuffer>}
     */
    download(url, options = {}) {
      return patiently(
        async (signal, alive) => readBody(await request(url, { signal }), { ...options, signal }, alive),
        STALL_MS,
        options.signal,
      );
    },

    /**
     * 409 `version_conflict` carries `detail.current`.
     * @param {string} id @param {string} project  its id
     * @param {Partial<Annotation> & {version: number}} patch @returns {Promise<Annotation>}
     */
    updateAnnotation: (id, project, patch) => save(annotationPath(id, project), "PATCH", patch),
    /** @param {string} id @param {string} project  its id @param {number} version @returns {Promise<unknown>} */
    deleteAnnotation: (id, project, version) => save(annotationPath(id, project, { version }), "DELETE"),
  };
}

/** @typedef {ReturnType<typeof createApi>} Api */
