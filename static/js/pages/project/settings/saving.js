/** Saves by itself what is being changed, one request after the other, and says how that stands. */

import { sentenceOf } from "../../../core/errors.js";
import { effect, signal } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { fill, h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/** @typedef {{phase: 'idle'|'waiting'|'saving'|'saved'|'failed', message: string}} SavingState */

const TYPING_MS = 600;

/**
 * @template T
 * @param {(value: T) => Promise<unknown>} save
 * @param {number} [delay]  milliseconds without another change
 */
export function createSaving(save, delay = TYPING_MS) {
  const state = signal(/** @type {SavingState} */ ({ phase: "idle", message: "" }));
  /** @type {{value: T}|null} */
  let pending = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  /** @type {Promise<void>|null} */
  let running = null;

  async function run() {
    while (pending) {
      const { value } = pending;
      pending = null;
      state.value = { phase: "saving", message: "" };
      try {
        await save(value);
      } catch (error) {
        pending ??= { value }; // what is newer goes out instead
        const { message, status } = /** @type {Error & {status?: number}} */ (error);
        const words = status === 400 ? message : sentenceOf(error); // hints are for programs where a value is wrong
        state.value = { phase: "failed", message: words };
        return;
      }
    }
    if (state.peek().phase === "saving") state.value = { phase: "saved", message: "" }; // not what was forgotten
  }

  /** Sends what waits at once. @returns {Promise<void>} */
  async function flush() {
    clearTimeout(timer);
    running ??= run().finally(() => (running = null));
    await running;
  }

  return {
    state,
    flush,
    /** @param {T} value  the newest */
    changed(value) {
      pending = { value };
      if (state.peek().phase !== "saving") state.value = { phase: "waiting", message: "" };
      clearTimeout(timer);
      timer = setTimeout(() => void flush(), delay);
    },
    /** What waits, or was just refused, is not to be saved any more. */
    forget() {
      clearTimeout(timer);
      pending = null;
      state.value = { phase: "idle", message: "" };
    },
    /** Whether leaving the page would lose something. */
    busy: () => pending !== null || running !== null,
  };
}

/** @typedef {Pick<ReturnType<typeof createSaving>, "state"|"flush">} Saving */

/** Words beside what is being saved. @param {Saving} saving */
export function savingWords({ state, flush }) {
  const element = h("span", { class: "saving", role: "status" });
  effect(() => {
    const { phase, message } = state.value;
    set(element, { "data-phase": phase });
    if (phase === "idle") fill(element);
    else if (phase === "saved") fill(element, icon("check"), t("Saved"));
    else if (phase === "failed")
      fill(
        element,
        icon("alert"),
        h("span", {}, `${t("Not saved.")} ${message}`),
        h("button", { type: "button", class: "button quiet", onclick: () => void flush() }, t("Try again")),
      );
    else fill(element, t("Saving…"));
  });
  return element;
}
