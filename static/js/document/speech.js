/** What the page says of its own accord: aloud to screen readers, and, of what it refuses, also to be seen. */

import { computed, signal } from "../core/signals.js";

/** @typedef {{text: string, n: number}} Refused  n: counts them, so that the same sentence twice is news */
/** @typedef {ReturnType<typeof createSpeech>} Speech */

export function createSpeech() {
  const aloud = signal({ text: "" });
  const refusals = signal(/** @type {Refused} */ ({ text: "", n: 0 }));

  const said = {
    /** Followers hear of every sentence, also of the same one again. */
    get value() {
      return aloud.value.text;
    },
    set value(text) {
      aloud.value = { text };
    },
    peek: () => aloud.peek().text,
  };
  const say = (/** @type {string} */ text) => void (said.value = text);

  return {
    /** What is said aloud to screen readers. */
    said,
    /** @param {string} text */
    say,
    /** What was refused last, to be shown; n 0: nothing yet. */
    refused: computed(() => refusals.value),
    /** Why something is not done, said aloud and shown. @param {string} text */
    refuse(text) {
      say(text);
      refusals.value = { text, n: refusals.peek().n + 1 };
    },
  };
}
