/** What tests of prompting need: two segmenters, and a decoder whose answers can be told apart. */

import { createHistory } from "../../../../static/js/document/history.js";
import { createPrompting } from "../../../../static/js/document/prompt/prompting.js";

/** @typedef {import("../../../../static/js/core/types.js").Prompt} Prompt */
/** @typedef {import("../../../../static/js/core/types.js").Decoded} Decoded */

export const INCLUDE = /** @type {const} */ ({ x: 5, y: 5, label: 1 });
export const EXCLUDE = /** @type {const} */ ({ x: 9, y: 9, label: 0 });

/** @param {string} id @returns {import("../../../../static/js/core/types.js").SegmenterInfo} */
const segmenterOf = (id) => ({
  id,
  title: id,
  weights: id,
  encoder: id,
  encoding: id,
  licence: "MIT",
  resize: "longest_side",
  prepare: { url: `/${id}/prepare`, bytes: 300_000 },
  decoder: { url: `/${id}/decoder`, bytes: 8_000_000 },
  encoder_bytes: 0,
  encoder_seconds: null,
  quality: null,
  trained_from: null,
  default: true,
});

export const [FIRST, OTHER] = ["first", "other"].map(segmenterOf);

/** @param {number} mark tells answers apart @param {typeof FIRST} [segmenter] @returns {Decoded} */
export function answer(mark, segmenter = FIRST) {
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
    segmenter,
  };
}

/** Prompting with its history. @param {Partial<Parameters<typeof createPrompting>[0]>} [room] */
export function desk(room = {}) {
  /** @type {Prompt[]} */
  const asked = [];
  let segmenter = FIRST;
  const decode = async (/** @type {Prompt} */ said) => answer(asked.push(said), segmenter);
  const history = createHistory({
    apply: () => {},
    restore: (/** @type {import("../../../../static/js/document/prompt/said.js").Said} */ said) => prompting.restore(said),
  });
  const prompting = createPrompting({
    decode,
    ready: async () => {},
    isReady: () => true,
    previews: () => true,
    segmenter: () => segmenter,
    size: () => ({ width: 40, height: 30 }),
    seen: () => null,
    record: (title, before, after) => history.record({ title, changes: [], draft: { before, after } }),
    ...room,
  });
  const { prompt, decoded, choice, hover } = prompting;
  /** Another segmenter is in use. @param {typeof FIRST} next */
  function use(next) {
    segmenter = next;
    prompting.again();
  }
  return { asked, prompting, history, prompt, decoded, choice, hover, use };
}
