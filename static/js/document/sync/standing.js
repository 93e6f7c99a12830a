/** How the changes that wait stand: each, and all together. */

/** @typedef {{state: 'saving'|'offline'|'failed'|'conflict', message: string, retry: () => void}} Saving */
/**
 * @typedef {object} Summary
 * @property {'saved'|'saving'|'offline'|'signed-out'|'conflict'|'failed'} state
 * @property {number} count  of changes that wait; failed: of those that are held back by it
 * @property {string} message  why they do
 * @property {boolean} kept  whether this browser has written down all of them
 */
/**
 * @typedef {object} Standing
 * @property {{value: ReadonlyArray<import("./pending.js").Pending>}} waiting
 * @property {{value: ReadonlyArray<import("./outbox.js").Conflict>}} conflicts
 * @property {{value: ReadonlyMap<string, {message: string}>}} troubles  what the server said, by key
 * @property {{value: {message: string, status: number}|null}} interrupted  why nothing can be sent at present
 * @property {{value: boolean}} unwritten  whether some is not written down (yet)
 * @property {{value: boolean}} blocked  whether the browser has refused to write down
 */

/** By annotation. @param {Standing} standing @param {(of: string) => void} retry */
export function statesOf({ waiting, conflicts, troubles, interrupted }, retry) {
  /** @type {Map<string, Saving>} */
  const found = new Map();
  const held = new Set(conflicts.value.map(({ pending }) => pending.of));
  for (const { key, of } of waiting.value) {
    const why = troubles.value.get(key)?.message;
    if (found.get(of)?.state === "failed") continue;
    const state = why ? "failed" : held.has(of) ? "conflict" : interrupted.value ? "offline" : "saving";
    found.set(of, { state, message: why ?? interrupted.value?.message ?? "", retry: () => retry(of) });
  }
  return found;
}

/** @param {Standing} standing @param {ReadonlyMap<string, Saving>} states @returns {Summary} */
export function summaryOf({ waiting, conflicts, interrupted, unwritten, blocked }, states) {
  const failing = waiting.value.filter(({ of }) => states.get(of)?.state === "failed").length;
  const count = failing || waiting.value.length;
  const why = [...states.values()].find(({ state }) => state === "failed");
  const asked = conflicts.value.length === count; // nothing else waits
  const isWriting = unwritten.value && !blocked.value;
  const away = interrupted.value && !isWriting; // what is not told yet is whether it is kept
  const off = interrupted.value?.status === 401 ? "signed-out" : "offline";
  const state = !count ? "saved" : why ? "failed" : away ? off : asked ? "conflict" : "saving";
  return { state, count, message: why?.message ?? interrupted.value?.message ?? "", kept: !unwritten.value };
}
