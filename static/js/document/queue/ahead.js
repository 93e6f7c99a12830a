/** While one image is worked on, those after it in the queue are made ready. */

import { effect, untracked } from "../../core/signals.js";

const IMAGES = 2;

/**
 * @param {object} parts
 * @param {import("./queue.js").Queue} parts.queue
 * @param {import("../document.js").Document} parts.doc
 * @param {{ahead: (images: readonly import("../../core/types.js").ImageInfo[]) => void}} parts.stage
 */
export function createAhead({ queue, doc, stage }) {
  let begun = ""; // what is being made ready

  effect(() => {
    const standing = queue.standing.value;
    const { inUse, next } = doc.segmenters.value;
    if (!standing || next || doc.work.value.phase !== "ready") {
      begun = "";
      return;
    }
    const following = standing.images.slice(standing.at + 1, standing.at + 1 + IMAGES);
    const wanted = [inUse.weights, ...following.map(({ id }) => id)].join();
    if (wanted === begun) return;
    begun = wanted;
    untracked(() => {
      stage.ahead(following);
      void doc.ahead(following);
    });
  });
}
