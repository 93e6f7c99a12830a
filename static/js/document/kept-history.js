/**
 * The history and the chosen label outlive a reload of their page, as changing the language makes one: kept in the entry of the
 * browser's own history.
 */

/** @typedef {import("./objects/editing.js").Progress} Progress */
/** @typedef {{select: (name: string) => void, active: {peek: () => {name: string}}}} Labels */
/** @typedef {{image: string, progress: Progress, label?: string}} Kept */

const NAME = "samphire.progress";

/**
 * @param {object} parts
 * @param {() => Progress} parts.progress
 * @param {Labels} parts.labels
 * @param {() => string|undefined} parts.opened  id of the image
 */
export function keepHistory({ progress, labels, opened }) {
  addEventListener("beforeunload", () => {
    const id = opened();
    if (id !== undefined) remember({ image: id, progress: progress(), label: labels.active.peek().name });
  });
}

/**
 * Takes up what was done before the page was reloaded, once.
 * @param {object} parts
 * @param {(from: Progress) => void} parts.resume
 * @param {Labels} parts.labels
 * @param {string} parts.opened  id of the image
 */
export function takeUpHistory({ resume, labels, opened }) {
  const kept = /** @type {Kept|undefined} */ (globalThis.history.state?.[NAME]);
  if (!kept) return;
  remember(null);
  const [how] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (kept.image !== opened || how?.type !== "reload") return;
  if (kept.label) labels.select(kept.label);
  resume(kept.progress);
}

/** As a structured clone: steps that share what was said go on sharing it. @param {Kept|null} kept */
function remember(kept) {
  const { [NAME]: _, ...others } = globalThis.history.state ?? {};
  try {
    globalThis.history.replaceState(kept ? { ...others, [NAME]: kept } : others, "");
  } catch {
    // Too much for this browser: what was done is done, and cannot be undone after the reload.
  }
}
