/** The candidate on show becomes an object, or the new mask of the one that is refined. */

import { signal } from "../core/signals.js";
import { counted, t } from "../core/text.js";
import { dropsSpecks, withoutStrayPieces } from "./objects/specks.js";
import { candidatesIou, chosen } from "./prompt/answers.js";
import { isLone } from "./prompt/prompting.js";

/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("../core/types.js").MaskRle} MaskRle */

/**
 * @param {object} room
 * @param {{peek: () => {id: string}|null}} room.image  the opened one
 * @param {import("./objects/annotations.js").Annotations} room.objects
 * @param {import("./prompt/prompting.js").Prompting} room.prompting
 * @param {import("./prompt/preference.js").Preference} room.preference
 * @param {import("./objects/editing.js").Editing} room.editing
 * @param {{peek: () => Annotation|null}} room.refined  the object whose mask is being made anew
 * @param {(lowRes: import("../core/types.js").LowRes) => Promise<MaskRle>} room.maskRle
 * @param {(text: string) => void} room.say  aloud
 * @param {(text: string) => void} room.refuse  why something is not done
 */
export function createAccepting({ image, objects, prompting, preference, editing, refined, maskRle, say, refuse }) {
  const { edit } = editing;
  /** The object that lost its specks last, its RLE's counts since and its mask before, for an offer to bring them back. */
  const swept = signal(/** @type {{text: string, id: string, counts: string, before: MaskRle}|null} */ (null));

  /** @returns {Promise<Annotation|null>} null: nothing to accept */
  async function accept() {
    const target = image.peek();
    if (!target || prompting.empty.peek()) return null;
    await prompting.settled();
    const words = prompting.said.peek();
    const answer = prompting.answer.peek();
    const candidate = answer && chosen(answer);
    if (!answer || !candidate) return null;
    const mask = await maskRle(candidate.lowRes);
    if (words !== prompting.said.peek() || image.peek()?.id !== target.id) return null;
    if (mask.area === 0) {
      refuse(t("The mask is empty, so nothing was added."));
      return null;
    }
    const made = {
      prompts: [...answer.steps],
      segmenter: answer.decoded.segmenter.id,
      weights: answer.decoded.segmenter.weights,
      window: candidate.lowRes.within?.key ?? null,
      candidate: candidate.token,
      predicted_iou: candidate.predictedIou,
      stability_score: candidate.stability,
      candidates_iou: candidatesIou(answer),
    };
    const before = refined.peek();
    const clean = dropsSpecks.peek() ? withoutStrayPieces(mask, words.points) : null;
    const kept = clean?.mask ?? mask;
    const annotation = before ? { ...before, ...kept, ...made } : editing.newAnnotation(kept, made);
    const title = before ? t("Refine {label}", { label: annotation.label }) : t("Accept {label}", { label: annotation.label });
    if (!edit(title, [{ before, after: annotation }], { finishes: true })) return null;
    if (!before && isLone(words)) preference.note(annotation.label, answer.decoded.candidates, answer.choice);
    objects.select(before ? before.id : null);
    objects.latest.value = annotation.id;
    if (clean?.told) offerBack(annotation.id, clean.pixels, mask);
    const told = { label: annotation.label };
    if (before) say(t("Updated {label}.", told));
    else say(counted(objects.all.peek().length, "Accepted as {label}. {count} object.", "Accepted as {label}. {count} objects.", told));
    return annotation;
  }

  /** @param {string} id @param {number} pixels  that were removed @param {MaskRle} whole  with its specks */
  function offerBack(id, pixels, { rle, area, bbox }) {
    const text = counted(pixels, "Removed specks: {count} pixel.", "Removed specks: {count} pixels.");
    swept.value = { text, id, counts: objects.find(id)?.rle.counts ?? "", before: { rle, area, bbox } };
  }

  /** Gives the specks back, as a step of its own, unless the object's mask has changed since. */
  function unsweep() {
    const last = swept.peek();
    const object = last && objects.find(last.id);
    swept.value = null;
    if (object) edit(t("Restore specks"), [{ before: object, after: { ...object, ...last.before } }]);
  }

  return { accept, swept, unsweep };
}
