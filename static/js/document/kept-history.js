/** The history outlives a reload of its page, as changing the language makes one: kept in the entry of the browser's own. */

/** @typedef {import("./document.js").Document["history"]} History */
/** @typedef {{image: string, steps: ReturnType<History['taken']>}} Kept */

const NAME = "samphire.steps";

/**
 * @param {object} parts
 * @param {History} parts.history
 * @param {() => string|undefined} parts.opened  id of the image
 */
export function keepHistory({ history, opened }) {
  addEventListener("beforeunload", () => {
    const id = opened();
    if (id !== undefined) remember({ image: id, steps: history.taken() });
  });
}

/**
 * Takes up what was done before the page was reloaded, once.
 * @param {object} parts
 * @param {History} parts.history
 * @param {string} parts.opened  id of the image
 */
export function takeUpHistory({ history, opened }) {
  const kept = /** @type {Kept|undefined} */ (globalThis.history.state?.[NAME]);
  if (!kept) return;
  remember(null);
  const [how] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (kept.image === opened && how?.type === "reload") history.takeUp(kept.steps);
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
