/** What tests of prompting need: two segmenters, a decoder whose answers can be told apart, and a clean page. */

import { IDLE, decoded, hover, prompt, segmenters, update, work } from "../../../../static/js/core/state.js";
import { createHistory } from "../../../../static/js/document/history.js";
import { createPrompting } from "../../../../static/js/document/prompt/prompting.js";

/** @typedef {import("../../../../static/js/core/types.js").Prompt} Prompt */
/** @typedef {import("../../../../static/js/core/types.js").Decoded} Decoded */

export const INCLUDE = /** @type {const} */ ({ x: 5, y: 5, label: 1 });
export const EXCLUDE = /** @type {const} */ ({ x: 9, y: 9, label: 0 });

export const [FIRST, OTHER] = ["first", "other"].map((id) => ({ ...segmenters.peek().inUse, id, weights: id }));

/** By the segmenter in use. @param {number} mark tells answers apart @returns {Decoded} */
export function answer(mark) {
  const candidate = (/** @type {number} */ token) => ({
    token,
    lowRes: { width: 1, height: 1, data: new Float32Array([mark + token / 10]), resize: FIRST.resize },
    predictedIou: 0.9,
    stability: 0.9,
    areaFraction: 0.1,
  });
  return {
    candidates: [candidate(1), candidate(2), candidate(3)],
    best: 1,
    where: "wasm",
    threads: 1,
    ms: 1,
    segmenter: segmenters.peek().inUse,
  };
}

/** Prompting with its history. @param {Partial<Parameters<typeof createPrompting>[0]>} [room] */
export function desk(room = {}) {
  /** @type {Prompt[]} */
  const asked = [];
  const decode = async (/** @type {Prompt} */ said) => answer(asked.push(said));
  const history = createHistory({
    apply: () => {},
    restore: (/** @type {import("../../../../static/js/document/prompt/said.js").Said} */ said) => prompting.restore(said),
  });
  const prompting = createPrompting({
    decode,
    ready: async () => {},
    record: (title, before, after) => history.record({ title, changes: [], draft: { before, after } }),
    ...room,
  });
  return { asked, prompting, history };
}

/** The page as it starts, with the first segmenter. */
export function nothingSaid() {
  prompt.value = { points: [], box: null, feedback: null };
  decoded.value = null;
  hover.value = null;
  update(segmenters, { inUse: FIRST });
  work.value = { ...IDLE, phase: "ready" };
}
