/** What the decoder answered to the latest prompts, and which of the candidates the person chose. */

import { stepsOf } from "./said.js";

/** @typedef {import("./said.js").Said} Said */
/** @typedef {import("../../core/types.js").Decoded} Decoded */
/** @typedef {import("../../core/types.js").LowRes} LowRes */
/**
 * @typedef {object} Answer
 * @property {Decoded} decoded
 * @property {number} choice  index into decoded.candidates
 * @property {LowRes|null} feedback  logits that were fed back
 * @property {readonly import("../../core/types.js").PromptStep[]} steps  what was said, for the record
 */

const MOST_ANSWERS = 24; // each holds its masks, up to 1 MB
export const PREVIOUS = 4; // in the place of a decoder token, the mask that was refined

/** @param {Answer} answer @returns {import("../../core/types.js").Candidate|null} */
export function chosen({ decoded, choice }) {
  return decoded.candidates[choice] ?? null;
}

/**
 * IoU of the chosen candidate with the best other one, on the cells of the decoder: low where it is unclear what is meant.
 * @param {Answer} answer @returns {number|null} null: there is none to compare
 */
export function candidatesIou({ decoded, choice }) {
  const mine = decoded.candidates[choice];
  const others = decoded.candidates.filter(({ token }) => token !== mine?.token && token !== PREVIOUS);
  const rival = others.reduce((best, each) => (best && best.predictedIou >= each.predictedIou ? best : each), others[0]);
  if (!mine || !rival || mine.lowRes.data.length !== rival.lowRes.data.length) return null;
  const [one, other] = [mine.lowRes.data, rival.lowRes.data];
  let both = 0;
  let either = 0;
  for (let i = 0; i < one.length; i++) {
    if (one[i] > 0 && other[i] > 0) both++;
    if (one[i] > 0 || other[i] > 0) either++;
  }
  return both / Math.max(either, 1);
}

/**
 * @param {(decoded: Decoded, said: Said) => number} first  index of the candidate that is shown first
 * @param {() => {weights: string}} segmenter  in use
 */
export function createAnswers(first, segmenter) {
  /** The latest used last. @type {Map<Said, Answer>} */
  const kept = new Map();
  /** Tokens of candidates chosen by hand; they outlive the answers. @type {WeakMap<Said, number>} */
  const picks = new WeakMap();

  /** @param {Said} said @param {Answer} answer */
  function keep(said, answer) {
    kept.delete(said);
    kept.set(said, answer);
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_ANSWERS) break;
      kept.delete(oldest);
    }
    return answer;
  }

  return {
    /** @param {Said} said @returns {Answer|null} also of another segmenter than is in use */
    of: (said) => kept.get(said) ?? null,

    /** @param {Said} said @returns {Answer|null} of the segmenter in use */
    current(said) {
      const answer = kept.get(said);
      if (answer?.decoded.segmenter.weights !== segmenter().weights) return null;
      return keep(said, answer);
    },

    /**
     * The mask of the step before stays on offer, so that a click can only help. What a person chose stays chosen when it
     * is decoded again: candidates are offered from part to whole alike.
     * @param {Said} said @param {Decoded} decoded @param {Answer|null} refined  of what it refines
     * @param {LowRes|null} feedback  what was fed back @returns {Answer}
     */
    take(said, decoded, refined, feedback) {
      const token = picks.get(said);
      const fed = refined && chosen(refined);
      const previous = fed && { ...fed, token: PREVIOUS, previous: true };
      const offered = previous ? { ...decoded, candidates: [...decoded.candidates, previous] } : decoded;
      const index = offered.candidates.findIndex((candidate) => candidate.token === token);
      return keep(said, {
        decoded: offered,
        choice: index < 0 ? first(offered, said) : index,
        feedback,
        steps: stepsOf(said, refined && fed ? { steps: refined.steps, token: fed.token } : null),
      });
    },

    /** @param {Said} said @param {number} index @returns {Answer|null} null: there is no such candidate */
    choose(said, index) {
      const answer = kept.get(said);
      const candidate = answer?.decoded.candidates[index];
      if (!answer || !candidate) return null;
      if (index === first(answer.decoded, said)) picks.delete(said);
      else picks.set(said, candidate.token);
      return keep(said, { ...answer, choice: index });
    },

    /** Remembers a choice before there is an answer. @param {Said} said @param {number} token */
    prefer: (said, token) => void picks.set(said, token),
  };
}
