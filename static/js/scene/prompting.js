/** The prompt being made now: keeps its history, has it decoded in order, and publishes it to the shared signals. */

import { Superseded } from "../core/errors.js";
import { batch, computed, signal } from "../core/signals.js";
import { choice, decoded, hover, prompt, segmenters, work } from "../core/state.js";
import {
  EMPTY,
  addPoint,
  amend,
  chosen,
  find,
  isEmpty,
  redo,
  removePoint,
  say,
  setBox,
  takeBack,
  undo,
} from "./prompt-history.js";

/** @typedef {import("./prompt-history.js").History} History */
/** @typedef {import("../core/types.js").Point} Point */
/** @typedef {import("../core/types.js").Box} Box */
/** @typedef {import("../core/types.js").Prompt} Prompt */
/** @typedef {import("../core/types.js").Decoded} Decoded */
/** @typedef {(prompt: Prompt, options: {priority: 'hover'|'click'}) => Promise<Decoded>} Decode */
/** @typedef {{message: string, hint: string, retry: () => void}} Failure */
/** @typedef {ReturnType<typeof createPrompting>} Prompting */

/** @param {{decode: Decode, ready: () => Promise<unknown>}} room  ready resolves when decode can answer a prompt */
export function createPrompting({ decode, ready }) {
  const history = signal(/** @type {History} */ (EMPTY));
  const waiting = signal(0);
  const failure = signal(/** @type {Failure|null} */ (null));
  const empty = computed(() => isEmpty(history.value.present));
  const canUndo = computed(() => history.value.past.length > 0);
  const canRedo = computed(() => history.value.future.length > 0);
  let queue = Promise.resolve();
  /** The newest preview: a click on the very place has its answer. @type {{point: Point, answer: Promise<Decoded>}|null} */
  let previewed = null;
  let previewsAsked = 0;
  let previewShown = 0; // the newest that was answered or given up: older answers are not shown after it

  /** @param {History} next */
  function publish(next) {
    const { points, box, feedback, decoded: answer, choice: index } = next.present;
    batch(() => {
      history.value = next;
      prompt.value = { points: [...points], box, feedback };
      // While an answer is due the mask of the step before stays, so that the picture does not flicker.
      const shown = answer ?? (isEmpty(next.present) ? null : (next.past.at(-1)?.decoded ?? null));
      decoded.value = shown;
      choice.value = answer ? index : (next.past.at(-1)?.choice ?? 0);
      if (!isEmpty(next.present)) hover.value = null;
    });
  }

  /** @param {Prompt} said @returns {Promise<Decoded>} */
  async function answerTo(said) {
    const lone = said.points.length === 1 && !said.box && !said.feedback;
    const early = lone && previewed && samePoint(said.points[0], previewed.point) ? previewed.answer : null;
    const answer = await early?.catch(() => null); // overtaken or failed: asked anew
    return answer ?? decode(said, { priority: "click" });
  }

  /**
   * Decodes a snapshot that has no answer of the segmenter in use, after those that it refines.
   * @param {string} id
   */
  async function settle(id) {
    await ready();
    const snapshot = find(history.peek(), id);
    if (!snapshot || answered(snapshot) || isEmpty(snapshot) || empty.peek()) return; // or given up while it waited
    const { points, box, refines } = snapshot;
    const refined = refines === null ? null : find(history.peek(), refines);
    if (refined && !answered(refined)) {
      await settle(refined.id);
      return settle(id);
    }
    const candidate = refined && chosen(refined);
    const feedback = candidate?.lowRes ?? null;
    const answer = await answerTo({ points: [...points], box, feedback });
    /** @type {import("./prompt-history.js").Snapshot["steps"]} */
    const steps =
      refined && candidate
        ? [...refined.steps, { kind: "mask", token: candidate.token }, ...snapshot.steps.slice(-1)]
        : snapshot.steps;
    const index = sameChoice(snapshot, answer);
    publish(amend(history.peek(), id, { decoded: answer, choice: index, feedback, steps }));
  }

  /** Decodes snapshots one after the other: a further point needs the answer before it. */
  function request() {
    const { id } = history.peek().present;
    if (answered(history.peek().present)) return;
    failure.value = null;
    waiting.value += 1;
    queue = queue
      .then(() => settle(id))
      .catch((error) => {
        if (error instanceof Superseded || history.peek().present.id !== id) return;
        failure.value = { message: error.message, hint: error.hint ?? "", retry: request };
      })
      .finally(() => {
        waiting.value -= 1;
      });
  }

  /** @param {History} next */
  function go(next) {
    if (next === history.peek()) return;
    previewShown = ++previewsAsked;
    publish(next);
    if (!isEmpty(next.present)) request();
    else failure.value = null;
  }

  /** @param {Point} point */
  function add(point) {
    go(addPoint(history.peek(), point));
  }

  /** @param {number} index */
  function remove(index) {
    go(removePoint(history.peek(), index));
  }

  /** @param {Box|null} box */
  function box(box) {
    go(setBox(history.peek(), box));
  }

  /** Shows another candidate; the next point will refine it. @param {number} index */
  function choose(index) {
    const { present } = history.peek();
    if (!present.decoded?.candidates[index]) return;
    publish(amend(history.peek(), present.id, { choice: index }));
  }

  /** @param {number} step +1 the next candidate, -1 the one before */
  function cycle(step) {
    const { present } = history.peek();
    const count = present.decoded?.candidates.length ?? 0;
    if (count) choose((present.choice + step + count) % count);
  }

  /** Starts anew, as for the next object. */
  function clear() {
    previewed = null;
    previewShown = ++previewsAsked;
    hover.value = null;
    go(EMPTY);
  }

  /** Gives up what was said; undo brings it back. */
  function cancel() {
    go(takeBack(history.peek()));
  }

  /** Brings back a history that was put away, when an accepted mask is undone. @param {History} kept */
  function restore(kept) {
    go(kept);
  }

  /**
   * Previews a click at a place, or nothing. Only before the first prompt. Under a moving pointer each answer is shown
   * when it comes, though newer places wait already: else there were none until the pointer rests.
   * @param {Point|null} point
   */
  async function preview(point) {
    const turn = ++previewsAsked;
    if (!point || !empty.peek() || work.peek().phase !== "ready") {
      previewShown = turn;
      hover.value = null;
      return;
    }
    try {
      const answering = decode({ points: [point], box: null, feedback: null }, { priority: "hover" });
      previewed = { point, answer: answering };
      const answer = await answering;
      if (turn <= previewShown || !empty.peek()) return;
      previewShown = turn;
      hover.value = answer;
    } catch {
      // A preview that fails says nothing: the click that follows will.
    }
  }

  /** Another segmenter is in use: what was said is decoded again. The masks of the one before stay meanwhile. */
  function again() {
    previewed = null;
    previewShown = ++previewsAsked;
    hover.value = null;
    if (!empty.peek()) request();
  }

  /** Resolves when nothing asked so far is unanswered. */
  async function settled() {
    await queue;
  }

  return {
    history,
    waiting,
    failure,
    empty,
    canUndo,
    canRedo,
    add,
    remove,
    box,
    /** @param {Point[]} points @param {Box|null} box */
    say: (points, box) => go(say(EMPTY, points, box)),
    choose,
    cycle,
    clear,
    cancel,
    restore,
    preview,
    again,
    settled,
    undo: () => go(undo(history.peek())),
    redo: () => go(redo(history.peek())),
  };
}

/** By the segmenter in use. @param {import("./prompt-history.js").Snapshot} snapshot */
function answered({ decoded: answer }) {
  return answer !== null && answer.segmenter.weights === segmenters.peek().inUse.weights;
}

/**
 * What a person chose among another segmenter's candidates stays chosen: they are offered from part to whole alike.
 * @param {import("./prompt-history.js").Snapshot} before @param {Decoded} answer
 */
function sameChoice(before, { candidates, best }) {
  if (!before.decoded || before.choice === before.decoded.best) return best;
  const token = chosen(before)?.token;
  const index = candidates.findIndex((candidate) => candidate.token === token);
  return index < 0 ? best : index;
}

/** @param {Point} a @param {Point} b */
function samePoint(a, b) {
  return a.x === b.x && a.y === b.y && a.label === b.label;
}
