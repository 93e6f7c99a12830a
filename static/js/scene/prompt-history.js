/** Immutable history of one object's prompt: pure functions over snapshots, no decoding and no signals. */

import { newId } from "../core/ids.js";

/** @typedef {import("../core/types.js").Point} Point */
/** @typedef {import("../core/types.js").Box} Box */
/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").Decoded} Decoded */
/** @typedef {import("../core/types.js").PromptStep} PromptStep */

/**
 * What had been said at one moment and what the decoder answered.
 * @typedef {object} Snapshot
 * @property {string} id
 * @property {readonly Point[]} points
 * @property {Box|null} box
 * @property {LowRes|null} feedback  logits of the candidate this prompt refines
 * @property {string|null} refines  the snapshot whose chosen candidate is fed back
 * @property {readonly PromptStep[]} steps  the same in the order it was said, for the record
 * @property {Decoded|null} decoded
 * @property {number} choice  index into decoded.candidates
 */
/** @typedef {{past: readonly Snapshot[], present: Snapshot, future: readonly Snapshot[]}} History */

/** @type {Snapshot} */
const NOTHING_SAID = Object.freeze({
  id: "",
  points: [],
  box: null,
  feedback: null,
  refines: null,
  steps: [],
  decoded: null,
  choice: 0,
});

/** @type {History} */
export const EMPTY = Object.freeze({ past: [], present: NOTHING_SAID, future: [] });

/** @param {Snapshot} snapshot */
export function isEmpty(snapshot) {
  return snapshot.points.length === 0 && snapshot.box === null;
}

/** @param {Snapshot} snapshot @returns {import("../core/types.js").Candidate|null} */
export function chosen(snapshot) {
  return snapshot.decoded?.candidates[snapshot.choice] ?? null;
}

/** @param {readonly Point[]} points @param {Box|null} box @returns {PromptStep[]} */
function stepsOf(points, box) {
  /** @type {PromptStep[]} */
  const steps = box ? [{ kind: "box", box }] : [];
  for (const { x, y, label } of points) steps.push({ kind: "point", x, y, label });
  return steps;
}

const KEPT_STEPS = 24; // each keeps its masks, up to 1 MB

/** @param {History} history @param {Partial<Snapshot>} change @returns {History} */
function push(history, change) {
  const present = Object.freeze({ ...NOTHING_SAID, ...change, id: newId() });
  return { past: [...history.past, history.present].slice(-KEPT_STEPS), present, future: [] };
}

/** One more point; what was chosen so far is refined by it. @param {History} history @param {Point} point */
export function addPoint(history, point) {
  const before = history.present;
  const refined = chosen(before);
  /** @type {PromptStep[]} */
  const feedback = refined ? [{ kind: "mask", token: refined.token }] : [];
  return push(history, {
    points: [...before.points, point],
    box: before.box,
    feedback: refined?.lowRes ?? null,
    refines: isEmpty(before) ? null : before.id,
    steps: [...before.steps, ...feedback, { kind: "point", ...point }],
  });
}

/**
 * Without one of the points: decoded afresh, nothing fed back.
 * @param {History} history
 * @param {number} index
 */
export function removePoint(history, index) {
  const points = history.present.points.filter((_, i) => i !== index);
  const { box } = history.present;
  return push(history, { points, box, steps: stepsOf(points, box) });
}

/**
 * A new box, or none: decoded afresh with the points there are.
 * @param {History} history
 * @param {Box|null} box
 */
export function setBox(history, box) {
  const { points } = history.present;
  return push(history, { points, box, steps: stepsOf(points, box) });
}

/** Nothing said any more; undo brings back what was. @param {History} history @returns {History} */
export function takeBack(history) {
  return isEmpty(history.present) ? history : push(history, {});
}

/**
 * Points and box at once, decoded afresh.
 * @param {History} history
 * @param {readonly Point[]} points
 * @param {Box|null} box
 */
export function say(history, points, box) {
  return push(history, { points, box, steps: stepsOf(points, box) });
}

/**
 * Changes one snapshot wherever in the history it is.
 * @param {History} history
 * @param {string} id
 * @param {Partial<Snapshot>} change
 * @returns {History}
 */
export function amend(history, id, change) {
  const swap = (/** @type {Snapshot} */ snapshot) =>
    snapshot.id === id ? Object.freeze({ ...snapshot, ...change }) : snapshot;
  return { past: history.past.map(swap), present: swap(history.present), future: history.future.map(swap) };
}

/** @param {History} history @param {string} id @returns {Snapshot|null} */
export function find(history, id) {
  if (history.present.id === id) return history.present;
  return [...history.past, ...history.future].find((snapshot) => snapshot.id === id) ?? null;
}

/** @param {History} history @returns {History} */
export function undo(history) {
  const present = history.past.at(-1);
  if (!present) return history;
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future] };
}

/** @param {History} history @returns {History} */
export function redo(history) {
  const [present, ...future] = history.future;
  if (!present) return history;
  return { past: [...history.past, history.present], present, future };
}
