/** How bodies travel: queries, answers that refuse, downloads and uploads with progress. Knows no addresses. */

import { ApiError } from "../core/errors.js";
import { t, told } from "../core/text.js";

/** @typedef {(loaded: number, total: number|null) => void} OnProgress  bytes */
/**
 * @typedef {{onProgress?: OnProgress, signal?: AbortSignal, expectedBytes?: number|null, priority?: RequestPriority}} TransferOptions
 *   expectedBytes: of the body once decompressed
 */

const PROGRESS_MS = 50; // between two reports: chunks come in hundreds
export const STALL_MS = 60_000; // without a byte: the connection is given up
const VERDICT_MS = 300_000; // until an upload that has arrived is answered: the image is read first

/** With its question mark, or empty; what is undefined or null is left out. @param {Record<string, unknown>} values */
export function query(values) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== null) search.set(name, String(value));
  const text = search.toString();
  return text && `?${text}`;
}

/** What a request that found no server becomes. */
export function unreachable() {
  const hint = t("Make sure Samphire is running, then try again.");
  return new ApiError("unreachable", t("Can't reach the server."), hint, 0);
}

/**
 * Gives work up that makes no headway: it ends as unreachable, whether or not it heeds its signal.
 * @template T
 * @param {(signal: AbortSignal, alive: (nextMs?: number) => void) => Promise<T>} work  calls `alive` whenever something has
 *   moved, and may say how long the next step takes
 * @param {number} limitMs @param {AbortSignal} [outer]  of whoever asked @returns {Promise<T>}
 */
export async function patiently(work, limitMs, outer) {
  const inner = new AbortController();
  const abort = () => inner.abort(outer?.reason);
  let timer = /** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined);
  const alive = (nextMs = limitMs) => {
    clearTimeout(timer);
    timer = setTimeout(() => inner.abort(unreachable()), nextMs);
  };
  const given = new Promise((_, reject) => {
    inner.signal.addEventListener("abort", () => reject(inner.signal.reason), { once: true });
  });
  given.catch(() => {}); // nobody may wait for it any more
  outer?.addEventListener("abort", abort, { once: true });
  if (outer?.aborted) abort();
  alive();
  try {
    return await Promise.race([work(inner.signal, alive), /** @type {Promise<never>} */ (given)]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", abort);
  }
}

/**
 * The one error shape, or as much of it as an answer that is not ours allows.
 * @param {number} status @param {unknown} body
 */
function refused(status, body) {
  const error = /** @type {{error?: Record<string, unknown>}|null} */ (body)?.error;
  if (!error) {
    const message = t("The server returned {status}.", { status });
    return new ApiError("http_" + status, message, t("Try again in a moment."), status);
  }
  return new ApiError(String(error.code), told(String(error.message)), told(String(error.hint ?? "")), status, error);
}

/** The error that an answer tells of. @param {Response} response */
export async function refusal(response) {
  const error = refused(response.status, await response.json().catch(() => null));
  const wait = Number(response.headers.get("Retry-After")); // 0 where there is none
  if (wait > 0) error.retryAfterS = wait;
  return error;
}

/**
 * A response's body; progress counts decoded bytes, since browsers hide the bytes on the wire.
 * @param {Response} response @param {TransferOptions} options @param {() => void} alive  called with each piece
 * @returns {Promise<ArrayBuffer>}
 */
export async function readBody(response, { onProgress, signal, expectedBytes = null }, alive) {
  const length = response.headers.get("Content-Encoding") ? null : response.headers.get("Content-Length");
  const total = length === null ? expectedBytes : Number(length);
  try {
    if (!response.body) return await response.arrayBuffer();
    const reader = response.body.getReader();
    /** @type {Uint8Array[]} */
    const parts = [];
    let loaded = 0;
    let reported = -Infinity;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      alive();
      parts.push(value);
      loaded += value.byteLength;
      if (performance.now() - reported < PROGRESS_MS) continue;
      reported = performance.now();
      onProgress?.(loaded, total);
    }
    onProgress?.(loaded, total);
    const whole = new Uint8Array(loaded);
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.byteLength;
    }
    return whole.buffer;
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw unreachable();
  }
}

/**
 * Sends a body; XMLHttpRequest, because fetch cannot tell how much of it has been sent. One that stalls is given up.
 * @param {string} url @param {FormData|Blob} body @param {TransferOptions & {headers?: Record<string, string>}} options
 * @param {string} [contentType] of a Blob @param {"POST"|"PUT"} [method]
 * @returns {Promise<any>} the answer's JSON
 */
export function sendBody(url, body, { onProgress, headers = {}, signal: outer }, contentType, method = "POST") {
  const all = contentType ? { ...headers, "Content-Type": contentType } : headers;
  const asked = { method, url, headers: all };
  return patiently((signal, alive) => sent(asked, body, { onProgress, signal }, alive), STALL_MS, outer);
}

/**
 * @param {{method: string, url: string, headers: Record<string, string>}} asked @param {FormData|Blob} body
 * @param {{onProgress?: OnProgress, signal: AbortSignal}} options
 * @param {(limitMs?: number) => void} alive @returns {Promise<any>}
 */
function sent({ method, url, headers }, body, { onProgress, signal }, alive) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const transfer = new XMLHttpRequest();
    const abort = () => transfer.abort();
    transfer.open(method, url);
    for (const [name, value] of Object.entries(headers)) transfer.setRequestHeader(name, value);
    transfer.responseType = "json";
    transfer.upload.onprogress = (event) => {
      alive();
      onProgress?.(event.loaded, event.lengthComputable ? event.total : null);
    };
    transfer.upload.onload = () => alive(VERDICT_MS);
    transfer.onload = () => {
      if (transfer.status >= 200 && transfer.status < 300) resolve(transfer.response);
      else reject(refused(transfer.status, transfer.response));
    };
    transfer.onerror = () => reject(unreachable());
    transfer.onabort = () => reject(signal.reason ?? new DOMException("Upload cancelled", "AbortError"));
    transfer.onloadend = () => signal.removeEventListener("abort", abort);
    signal.addEventListener("abort", abort);
    transfer.send(body);
  });
}
