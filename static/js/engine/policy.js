/** Where the next prompt goes, and the sentence that says why: one pure function. */

import { counted, t } from "../core/text.js";

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
  if (forced === "server") {
    const away = t("You chose the server, which can't be reached. Choose Automatic to go on without it.");
    return { side: "server", reason: server.reachable ? t("You chose the server.") : away };
  }
  if (forced !== null && (ready || local.state === "loading")) {
    return { side: "local", reason: t("You chose {decoder}.", { decoder: name(local) }) };
  }
  if (!server.reachable && (ready || local.state === "loading")) {
    return { side: "local", reason: t("Can't reach the server; {decoder} works without it.", { decoder: name(local) }) };
  }
  if (local.state === "none") return { side: "server", reason: t("This browser can't run the decoder.") };
  if (local.state === "loading") return { side: "server", reason: t("The decoder is still loading; the server computes masks until it's ready.") };
  if (local.state === "failed") {
    return { side: "server", reason: t("The decoder failed in this browser ({failure}), so the server took over.", { failure: local.failure }) };
  }
  if (local.ms === null || server.ms === null) return { side: "local", reason: here(local) };
  const slower = local.ms > UNNOTICED_MS && server.ms < CLEARLY * local.ms;
  const quicker = local.ms <= UNNOTICED_MS || local.ms < CLEARLY * server.ms;
  const leave = current === "server" ? !quicker : slower;
  if (leave) {
    const times = { server: round(server.ms), browser: round(local.ms) };
    return { side: "server", reason: t("The server takes {server}, this browser {browser}.", times) };
  }
  return { side: "local", reason: here(local) };
}

/** @param {number} ms */
const round = (ms) => `${Math.round(ms)} ms`;

/** @param {Situation['local']} local */
function name({ where, threads }) {
  return where === "webgpu" ? "WebGPU" : counted(threads, "WebAssembly with {count} thread", "WebAssembly with {count} threads");
}

/** @param {Situation['local']} local */
function here(local) {
  return t("Clicks run in this browser ({decoder}), without the network.", { decoder: name(local) });
}
