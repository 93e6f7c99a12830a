/** What a person has said of one object, step by step, as immutable values: no decoding, no signals. */

import { newId } from "../../core/ids.js";
import { findWindow } from "../../geometry/windows.js";

/** @typedef {import("../../core/types.js").Point} Point */
/** @typedef {import("../../core/types.js").Box} Box */
/** @typedef {import("../../core/types.js").Rle} Rle */
/** @typedef {import("../../core/types.js").PromptStep} PromptStep */
/** @typedef {import("../../core/types.js").Window} Window */

/**
 * What had been said at one moment. The decoder's answers are kept apart: they are large, and can be had again.
 * @typedef {object} Said
 * @property {string} id
 * @property {readonly Point[]} points
 * @property {Box|null} box
 * @property {Said|null} refines  whose chosen candidate is fed back
 * @property {Rle|null} seed  a mask that was there, which is fed back where nothing is refined
 * @property {Window|null} within  the part of the image that it is decoded in; null: the whole
 */

/** @type {Said} */
export const NOTHING = Object.freeze({ id: "", points: [], box: null, refines: null, seed: null, within: null });

/** @param {Partial<Said>} content @returns {Said} */
function made(content) {
  return Object.freeze({ ...NOTHING, ...content, id: newId() });
}

/** @param {Said} said */
export function isEmpty(said) {
  return said.points.length === 0 && said.box === null;
}

/**
 * More points, which refine what was chosen so far; with a box all is decoded afresh.
 * @param {Said} said @param {readonly Point[]} points @param {Box|null} [box]
 */
export function withPoints(said, points, box = null) {
  const all = [...said.points, ...points];
  return box || isEmpty(said) ? made({ points: all, box, seed: seedOf(said) }) : made({ points: all, box: said.box, refines: said });
}

/** Without one of the points: decoded afresh, but for a mask it began with. @param {Said} said @param {number} index */
export function withoutPoint(said, index) {
  const points = said.points.filter((_, i) => i !== index);
  return made({ points, box: said.box, seed: seedOf(said) });
}

/** A new box, or none, with the points there are. @param {Said} said @param {Box|null} box */
export function withBox(said, box) {
  return made({ points: said.points, box, seed: seedOf(said) });
}

/**
 * Points and box at once.
 * @param {readonly Point[]} points @param {Box|null} box @param {{seed?: Rle|null, refines?: Said|null, within?: Window|null}} [from]
 */
export function sayAll(points, box, { seed = null, refines = null, within = null } = {}) {
  return made({ points, box, seed, refines, within });
}

/** The mask a chain of refinements began with. @param {Said} said @returns {Rle|null} */
function seedOf(said) {
  return said.refines ? seedOf(said.refines) : said.seed;
}

/** Whether one comes before the other in its chain of refinements, or is it. @param {Said} earlier @param {Said} said */
export function leadsTo(earlier, said) {
  for (let each = /** @type {Said|null} */ (said); each; each = each.refines) if (each === earlier) return true;
  return false;
}

/**
 * What was said, for the record, in the order it was said. Of a mask that was there before nothing can be said.
 * @param {Said} said
 * @param {{steps: readonly PromptStep[], token: number}|null} refined  how what it refines was made, and what was chosen
 * @returns {readonly PromptStep[]}
 */
export function stepsOf(said, refined) {
  if (seedOf(said)) return [];
  const { points, box, refines } = said;
  const before = refines ? refines.points.length : 0;
  /** @type {PromptStep[]} */
  const steps = refined ? [...refined.steps, { kind: "mask", token: refined.token, ...windowOf(refines) }] : [];
  if (box && box !== refines?.box) steps.push({ kind: "box", box });
  for (const { x, y, label } of points.slice(before)) steps.push({ kind: "point", x, y, label });
  return steps;
}

/** Where the whole image was decoded, nothing is told. @param {Said|null} said */
const windowOf = (said) => (said?.within ? { window: said.within.key } : {});

/**
 * What was said, from its record: each mask step feeds back the candidate before it.
 * @param {readonly PromptStep[]} steps @param {string|null} window  key of the one that the mask was decoded in
 * @param {{width: number, height: number}} image
 * @returns {{said: Said, tokens: Map<Said, number>}|null} tokens: what was chosen on the way; null: nothing can be told
 */
export function fromSteps(steps, window, image) {
  const find = (/** @type {string|null|undefined} */ key) => (key ? findWindow(key, image) : null);
  /** @type {Map<Said, number>} */
  const tokens = new Map();
  /** @type {Point[]} */
  let points = [];
  /** @type {Box|null} */
  let box = null;
  /** @type {Said|null} */
  let refines = null;
  for (const step of steps) {
    if (step.kind === "box") box = step.box;
    else if (step.kind === "point") points = [...points, { x: step.x, y: step.y, label: step.label }];
    else if (!points.length && !box) return null; // nothing was said that a mask could come of
    else {
      refines = sayAll(points, box, { refines, within: find(step.window) });
      tokens.set(refines, step.token);
    }
  }
  const said = sayAll(points, box, { refines, within: find(window) });
  return isEmpty(said) ? null : { said, tokens };
}
