/** Making the mask of an object anew from where it was left: with its own prompt, or with its mask as the decoder's input. */

import { t } from "../../core/text.js";
import { takenSentence } from "../objects/taken.js";
import { findWindow } from "../../geometry/windows.js";
import { placed } from "./placing.js";
import { fromSteps, sayAll } from "./said.js";

/** @typedef {import("../../core/types.js").Annotation} Annotation */

/**
 * What is said to begin with: the steps that made the mask, if the same segmenter can take them again and the mask is still
 * what they made; else the mask itself and the box around it.
 * @param {Annotation} annotation @param {{weights: string}} segmenter  in use
 * @param {import("../../core/types.js").Window|null} [seen]  the window looked through: a mask alone may be refined in it
 */
export function wordsFor(annotation, { weights }, seen = null) {
  const [height, width] = annotation.rle.size;
  const image = { width, height };
  const unchanged = annotation.candidate !== null && annotation.weights === weights;
  const replayed = unchanged ? fromSteps(annotation.prompts, annotation.window, image) : null;
  if (replayed && annotation.candidate !== null) {
    replayed.tokens.set(replayed.said, annotation.candidate);
    return replayed;
  }
  const [x, y, across, down] = annotation.bbox;
  const words = sayAll([], [x, y, x + across, y + down], { seed: annotation.rle });
  const said = placed(words, [annotation.window ? findWindow(annotation.window, image) : null, seen], image);
  return { said, tokens: /** @type {Map<import("./said.js").Said, number>} */ (new Map()) };
}

/**
 * @param {object} room
 * @param {import("../objects/annotations.js").Annotations} room.objects
 * @param {Pick<import("../sync/presence.js").Presence, 'taken'>} room.presence
 * @param {import("./prompting.js").Prompting} room.prompting
 * @param {import("../objects/editing.js").Editing} room.editing
 * @param {() => import("../../core/types.js").SegmenterInfo} room.segmenter  in use
 * @param {() => import("../../core/types.js").Window|null} room.seen  the window looked through, when it is ready
 * @param {(text: string) => void} room.say  aloud
 * @param {(text: string) => void} room.refuse  why something is not done
 * @returns {(id: string) => boolean}  begins; false when it cannot be
 */
export function createRefining({ objects, presence, prompting, editing, segmenter, seen, say, refuse }) {
  return (id) => {
    const annotation = objects.find(id);
    if (!annotation || objects.replaced.peek() === id) return false;
    if (objects.locked.peek().has(id)) {
      refuse(t("Locked objects can't be changed."));
      return false;
    }
    const other = presence.taken.peek().get(id);
    if (other !== undefined) {
      refuse(takenSentence(other, annotation.label));
      return false;
    }
    const { said, tokens } = wordsFor(annotation, segmenter(), seen());
    for (const [step, token] of tokens) prompting.prefer(step, token);
    editing.replace(t("Refine {label}", { label: annotation.label }), annotation, said);
    say(t("Refining {label}. Click to correct it, Enter to update it.", { label: annotation.label }));
    return true;
  };
}
