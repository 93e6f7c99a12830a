/** What was done to images that this page has left: one that is opened again is gone on with. */

import { rewritten } from "./history.js";

/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("./objects/editing.js").Progress} Progress */

const MOST_IMAGES = 20; // each keeps up to 200 steps, which share their masks

export function createLeftImages() {
  /** The one left last is the last. @type {Map<string, Progress>} */
  const kept = new Map();

  return {
    /** @param {string} image  id @param {Progress} progress */
    leave(image, progress) {
      kept.delete(image);
      if (progress.steps.done.length || progress.steps.undone.length) kept.set(image, progress);
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_IMAGES) break;
        kept.delete(oldest);
      }
    },

    /** @param {string} image  id @returns {Progress|null} null: nothing was done to it, or that is forgotten */
    of: (image) => kept.get(image) ?? null,

    /** As the history's. @param {(annotation: Annotation) => Annotation} change */
    rewrite(change) {
      for (const [image, { steps, making }] of kept) kept.set(image, { making, steps: rewritten(steps, change) });
    },
  };
}
