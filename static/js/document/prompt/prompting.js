/** The prompt being made now: has it decoded in order, and tells what of the answer is shown. */

import { Superseded } from "../../core/errors.js";
import { batch, computed, signal } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { chosen, createAnswers } from "./answers.js";
import { createMoving, placed } from "./placing.js";
import { NOTHING, isEmpty, leadsTo, sayAll, withBox, withPoints, withoutPoint } from "./said.js";
import { createSeeds } from "./seeds.js";

/** @typedef {import("./said.js").Said} Said */
/** @typedef {import("./answers.js").Answer} Answer */
/** @typedef {import("../../core/types.js").Point} Point */
/** @typedef {import("../../core/types.js").Box} Box */
/** @typedef {import("../../core/types.js").Prompt} Prompt */
/** @typedef {import("../../core/types.js").Decoded} Decoded */
/** @typedef {(prompt: Prompt, options: {priority: 'hover'|'click'}) => Promise<Decoded>} Decode */
/** @typedef {{message: string, hint: string, retry: () => void}} Failure */
/** @typedef {ReturnType<typeof createPrompting>} Prompting */

/**
 * @param {object} room
 * @param {Decode} room.decode
 * @param {() => Promise<unknown>} room.ready  resolves when decode can answer a prompt
 * @param {() => boolean} room.isReady  whether it can now
 * @param {() => boolean} room.previews  whether it can answer as often as the pointer moves
 * @param {() => import("../../core/types.js").SegmenterInfo} room.segmenter  in use
 * @param {() => {width: number, height: number}|null} room.size  of the opened image
 * @param {() => import("../../core/types.js").Window|null} room.seen  the window looked through, when it is ready
 * @param {(title: string, before: Said, after: Said) => void} room.record  a step for the history
 * @param {(decoded: Decoded, lone: boolean) => number} [room.first]
 *   index of the candidate shown first; lone: for a single point
 */
export function createPrompting({ decode, ready, isReady, previews, segmenter, size, seen, record, first = ({ best }) => best }) {
  /** @param {Decoded} answer @param {Said} said */
  const firstShown = (answer, said) => first(answer, isLone(said));
  const answers = createAnswers(firstShown, segmenter);
  const seedLogits = createSeeds();
  const moved = createMoving();
  const said = signal(NOTHING);
  /** What the person has said so far, as the decoder is given it. */
  const prompt = signal(/** @type {Prompt} */ ({ points: [], box: null, feedback: null, within: null }));
  /** The answer on show, null when there is none. */
  const decoded = signal(/** @type {Decoded|null} */ (null));
  /** Index into decoded.candidates that is shown. */
  const choice = signal(0);
  /** Answer to the pointer's place while there is no prompt. */
  const hover = signal(/** @type {Decoded|null} */ (null));
  /** To what is said now, of the segmenter in use. */
  const answer = signal(/** @type {Answer|null} */ (null));
  const waiting = signal(0);
  const failure = signal(/** @type {Failure|null} */ (null));
  const empty = computed(() => isEmpty(said.value));
  let queue = Promise.resolve();
  /** The newest that was asked ahead: a click that says the very same has its answer. @type {{words: Prompt, answer: Promise<Decoded>}|null} */
  let ahead = null;
  let previewsAsked = 0;
  let previewShown = 0; // the newest that was answered or given up: older answers are not shown after it

  /** @param {Said} next @param {boolean} [fresh] nothing of the prompt before stays on show */
  function publish(next, fresh = false) {
    const now = answers.current(next);
    // While an answer is due the mask of the step before stays, so that the picture does not flicker.
    const shown = now ?? (fresh ? null : answers.of(next));
    const stays = !shown && !fresh && !isEmpty(next);
    batch(() => {
      said.value = next;
      answer.value = now;
      prompt.value = { points: [...next.points], box: next.box, feedback: now?.feedback ?? fedBy(next), within: next.within };
      if (!stays) {
        decoded.value = shown?.decoded ?? null;
        choice.value = shown?.choice ?? 0;
      }
      if (!isEmpty(next)) hover.value = null;
    });
  }

  /** The mask that was there, for the segmenter in use. @param {Said} said */
  function fedBy({ seed, within }) {
    return seed && seedLogits(seed, segmenter().resize, within);
  }

  /** As it is going to be decoded. @param {Said} next */
  const inPlace = (next) => (isEmpty(next) ? next : placed(next, [said.peek().within, seen()], size()));

  /** @param {Prompt} words @param {'hover'|'click'} priority */
  function askAhead(words, priority) {
    const asked = { words, answer: decode(words, { priority }) };
    ahead = asked;
    return asked.answer;
  }

  /** @param {Prompt} words @returns {Promise<Decoded>} */
  async function answerTo(words) {
    const early = ahead && sameWords(words, ahead.words) ? ahead.answer : null;
    const reply = await early?.catch(() => null); // overtaken or failed: asked anew
    return reply ?? decode(words, { priority: "click" });
  }

  /** What the decoder is given, once what is refined has its answer. @param {Said} wanted @returns {Prompt} */
  function wordsOf(wanted) {
    const { points, box, refines, within } = wanted;
    const refined = refines && answers.current(refines);
    const fed = refined && chosen(refined);
    return { points: [...points], box, feedback: refined ? fed && moved(fed.lowRes, within, size()) : fedBy(wanted), within };
  }

  /** Decodes what the prompt of now needs and has no answer of the segmenter in use, after what that refines. @param {Said} wanted */
  async function settle(wanted) {
    await ready();
    if (isEmpty(wanted) || answers.current(wanted) || !leadsTo(wanted, said.peek())) return; // or given up meanwhile
    const { refines } = wanted;
    if (refines && !answers.current(refines)) {
      await settle(refines);
      if (answers.current(refines)) await settle(wanted); // else given up meanwhile, or another segmenter asks again
      return;
    }
    const refined = refines && answers.current(refines);
    const words = wordsOf(wanted);
    const reply = await answerTo(words);
    answers.take(wanted, reply, refined, words.feedback);
    if (wanted === said.peek()) publish(wanted);
  }

  /** Decodes prompts one after the other: a further point needs the answer before it. */
  function request() {
    const wanted = said.peek();
    if (answers.current(wanted)) return;
    failure.value = null;
    waiting.value += 1;
    queue = queue
      .then(() => settle(wanted))
      .catch((error) => {
        if (error instanceof Superseded || said.peek() !== wanted) return;
        failure.value = { message: error.message, hint: error.hint ?? "", retry: request };
      })
      .finally(() => {
        waiting.value -= 1;
      });
  }

  /** Takes up a prompt, as the history remembers it. @param {Said} next @param {boolean} [fresh] */
  function restore(next, fresh = false) {
    if (next === said.peek()) return;
    previewShown = ++previewsAsked;
    publish(next, fresh);
    if (!isEmpty(next)) request();
    else failure.value = null;
  }

  /** @param {string} title @param {Said} next @param {boolean} [fresh] */
  function go(title, next, fresh = false) {
    const there = inPlace(next);
    record(title, said.peek(), there);
    restore(there, fresh);
  }

  /** Shows another candidate; the next point will refine it. @param {number} index */
  function choose(index) {
    if (answer.peek() && answers.choose(said.peek(), index)) publish(said.peek());
  }

  /** @param {number} step +1 the next candidate, -1 the one before */
  function cycle(step) {
    const now = answer.peek();
    const count = now?.decoded.candidates.length ?? 0;
    if (now && count) choose((now.choice + step + count) % count);
  }

  /** Starts anew, as for the next object: no step of the history. */
  function clear() {
    ahead = null;
    previewShown = ++previewsAsked;
    hover.value = null;
    restore(NOTHING);
  }

  /**
   * Previews a click at a place, or nothing. Only before the first prompt. Under a moving pointer each answer is shown
   * when it comes, though newer places wait already: else there were none until the pointer rests.
   * @param {Point|null} point
   */
  async function preview(point) {
    const turn = ++previewsAsked;
    if (!point || !empty.peek() || !previews()) {
      previewShown = turn;
      hover.value = null;
      return;
    }
    try {
      const reply = await askAhead(wordsOf(inPlace(withPoints(NOTHING, [point]))), "hover");
      if (turn <= previewShown || !empty.peek()) return;
      previewShown = turn;
      const best = first(reply, true);
      hover.value = best === reply.best ? reply : { ...reply, best };
    } catch {
      // A preview that fails says nothing: the click that follows will.
    }
  }

  /**
   * A button is down: what a click there asks is asked now, since people hold it about as long as a decode takes.
   * @param {Point} point
   */
  function anticipate(point) {
    if (!isReady() || waiting.peek() > 0 || (!empty.peek() && !answer.peek())) return;
    const words = wordsOf(inPlace(withPoints(said.peek(), [point])));
    if (!ahead || !sameWords(words, ahead.words)) askAhead(words, "click").catch(() => {}); // the click asks anew
  }

  /** Another segmenter is in use: what was said is decoded again. The masks of the one before stay meanwhile. */
  function again() {
    ahead = null;
    previewShown = ++previewsAsked;
    hover.value = null;
    if (empty.peek()) return;
    publish(said.peek());
    request();
  }

  /** Resolves when nothing asked so far is unanswered. */
  async function settled() {
    await queue;
  }

  return {
    said,
    prompt,
    decoded,
    choice,
    hover,
    answer,
    waiting,
    failure,
    empty,
    /** @param {Point} point */
    add: (point) => go(t("Point"), withPoints(said.peek(), [point])),
    /** As one step. @param {string} title @param {readonly Point[]} points @param {Box|null} [box] */
    addAll: (title, points, box = null) => go(title, withPoints(said.peek(), points, box)),
    /** @param {number} index */
    remove: (index) => go(t("Remove point"), withoutPoint(said.peek(), index)),
    /** @param {Box|null} box */
    box: (box) => go(t("Box"), withBox(said.peek(), box)),
    /** All at once, decoded afresh. @param {Point[]} points @param {Box|null} box */
    say: (points, box) => go(t("Prompt"), sayAll(points, box), true),
    /** Gives up what was said; undo brings it back. */
    cancel() {
      if (!empty.peek()) go(t("Clear prompt"), NOTHING);
    },
    choose,
    cycle,
    clear,
    restore,
    /** A candidate of what is going to be said, by its token. */
    prefer: answers.prefer,
    preview,
    anticipate,
    again,
    settled,
  };
}

/** Whether all that was said is one point, of which three masks are offered. @param {Said} said */
export function isLone({ points, box, refines, seed }) {
  return points.length === 1 && !box && !refines && !seed;
}

/** @param {Prompt} a @param {Prompt} b */
function sameWords(a, b) {
  return (
    a.within?.key === b.within?.key && a.box === b.box && a.feedback === b.feedback && a.points.length === b.points.length && a.points.every((point, i) => samePoint(point, b.points[i]))
  );
}

/** @param {Point} a @param {Point} b */
function samePoint(a, b) {
  return a.x === b.x && a.y === b.y && a.label === b.label;
}
