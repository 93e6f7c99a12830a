/** Where the next prompt goes, and the sentence that says why: one pure function. */

/** @typedef {import("../core/types.js").Where} Where */
/**
 * @typedef {object} Situation
 * @property {Where|null} forced
 * @property {'local'|'server'|null} current  which side answers now
 * @property {{state: 'none'|'loading'|'ready'|'failed', where: 'wasm'|'webgpu', threads: number, ms: number|null, failure: string}} local
 *   none: this browser cannot
 * @property {{reachable: boolean, ms: number|null}} server  ms: measured round trip of a decode
 */

export const UNNOTICED_MS = 100; // a click answered within this feels immediate: no reason to ask the server
const CLEARLY = 0.7; // a side must take at most this share of the other's time to be moved to

/**
 * @param {Situation} situation
 * @returns {{side: 'local'|'server', reason: string}} side 'local' while loading means: wait for it
 */
export function chooseSide({ forced, current, local, server }) {
  const ready = local.state === "ready";
  if (forced === "server") return { side: "server", reason: "You chose the server." };
  if (forced !== null && (ready || local.state === "loading")) {
    return { side: "local", reason: `You chose ${name(local)}.` };
  }
  if (!server.reachable && (ready || local.state === "loading")) {
    return { side: "local", reason: `The server cannot be reached; ${name(local)} needs none.` };
  }
  if (local.state === "none") return { side: "server", reason: "This browser cannot run the decoder." };
  if (local.state === "loading") return { side: "server", reason: "The decoder is still loading here; the server helps out." };
  if (local.state === "failed") {
    return { side: "server", reason: `The decoder failed here (${local.failure}); the server took over.` };
  }
  if (local.ms === null || server.ms === null) return { side: "local", reason: here(local) };
  const slower = local.ms > UNNOTICED_MS && server.ms < CLEARLY * local.ms;
  const quicker = local.ms <= UNNOTICED_MS || local.ms < CLEARLY * server.ms;
  const leave = current === "server" ? !quicker : slower;
  if (leave) {
    return { side: "server", reason: `The server answers in ${round(server.ms)}, this browser in ${round(local.ms)}.` };
  }
  return { side: "local", reason: here(local) };
}

/** @param {number} ms */
const round = (ms) => `${Math.round(ms)} ms`;

/** @param {Situation['local']} local */
function name({ where, threads }) {
  return where === "webgpu" ? "WebGPU" : `WebAssembly with ${threads} thread${threads === 1 ? "" : "s"}`;
}

/** @param {Situation['local']} local */
function here(local) {
  return `${name(local)} in this browser needs no network for a click.`;
}
