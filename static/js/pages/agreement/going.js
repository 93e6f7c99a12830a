/** What the server works out meanwhile: asked about until it has ended. */

const ASK_MS = 700; // between two questions how far it is

/** @param {{readonly state: string}} standing */
export const isGoing = ({ state }) => state === "queued" || state === "running";

/**
 * @template {{readonly state: string}} Standing
 * @param {Standing} first @param {() => Promise<Standing>} ask @param {(standing: Standing) => void} show  each, the last as well
 * @returns {Promise<Standing>} the last
 */
export async function untilEnded(first, ask, show) {
  let now = first;
  show(now);
  while (isGoing(now)) {
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    now = await ask();
    show(now);
  }
  return now;
}
