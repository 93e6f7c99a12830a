/** How the changes that wait stand: each, and all together. */

/** @typedef {{state: 'saving'|'offline'|'failed'|'conflict', message: string, retry: () => void}} Saving */
/**
 * @typedef {object} Summary
 * @property {'saved'|'saving'|'offline'|'conflict'|'failed'} state
 * @property {number} count  of changes that wait
 * @property {string} message  why they do
 * @property {boolean} kept  whether this browser has written them down
 */
/**
 * @typedef {object} Standing
 * @property {{value: ReadonlyArray<import("./pending.js").Pending>}} waiting
 * @property {{value: ReadonlyArray<import("./outbox.js").Conflict>}} conflicts
 * @property {{value: ReadonlyMap<string, string>}} refused  what the server said, by key
 * @property {{value: string}} interrupted  why nothing can be sent at present
 * @property {{value: boolean}} blocked  whether the browser has refused to write down
 */

/** By annotation. @param {Standing} standing @param {(of: string) => void} retry */
export function statesOf({ waiting, conflicts, refused, interrupted }, retry) {
  /** @type {Map<string, Saving>} */
  const found = new Map();
  const held = new Set(conflicts.value.map(({ pending }) => pending.of));
  for (const { key, of } of waiting.value) {
    const why = refused.value.get(key);
    if (found.get(of)?.state === "failed") continue;
    const state = why ? "failed" : held.has(of) ? "conflict" : interrupted.value ? "offline" : "saving";
    found.set(of, { state, message: why ?? interrupted.value, retry: () => retry(of) });
  }
  return found;
}

/** @param {Standing} standing @param {ReadonlyMap<string, Saving>} states @returns {Summary} */
export function summaryOf({ waiting, conflicts, interrupted, blocked }, states) {
  const count = waiting.value.length;
  const why = [...states.values()].find(({ state }) => state === "failed");
  const asked = conflicts.value.length === count; // nothing else waits
  const state = !count ? "saved" : why ? "failed" : interrupted.value ? "offline" : asked ? "conflict" : "saving";
  return { state, count, message: why?.message ?? interrupted.value, kept: !blocked.value };
}
