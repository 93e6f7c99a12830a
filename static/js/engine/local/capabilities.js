/** What this browser can run, asked without loading anything. */

/** @typedef {{worker: boolean, threads: number, webgpu: boolean}} Capabilities
 *  threads: most that may be tried, 1 without cross-origin isolation; webgpu: on a real graphics card */

/**
 * What is used of WebGPU's adapters, which TypeScript's DOM library does not know.
 * @typedef {{isFallbackAdapter?: boolean, info?: {isFallbackAdapter?: boolean, architecture?: string}}} Adapter
 */

const MOST_THREADS = 16;
const ADAPTER_LIMIT_MS = 2_000;

/** What needs no asking. @returns {Omit<Capabilities, 'webgpu'>} */
export function processors() {
  const worker = typeof Worker === "function" && typeof WebAssembly === "object";
  const isolated = globalThis.crossOriginIsolated && typeof SharedArrayBuffer === "function";
  const threads = isolated ? Math.max(1, Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS)) : 1;
  return { worker, threads };
}

/** Whether WebGPU can be tried; no after two seconds, since a graphics driver may hang. @returns {Promise<boolean>} */
export function graphicsCard() {
  const late = new Promise((resolve) => setTimeout(resolve, ADAPTER_LIMIT_MS, false));
  return Promise.race([hasGraphicsCard(), late]);
}

/** Software adapters compute the same, a hundred times slower. @returns {Promise<boolean>} */
async function hasGraphicsCard() {
  const { gpu } = /** @type {{gpu?: {requestAdapter(): Promise<Adapter|null>}}} */ (navigator);
  try {
    const adapter = await gpu?.requestAdapter();
    if (!adapter) return false;
    const { isFallbackAdapter, info } = adapter;
    return !(isFallbackAdapter || info?.isFallbackAdapter || info?.architecture === "swiftshader");
  } catch {
    return false;
  }
}
