/**
 * window.samphire: the page for scripts, tests and the console.
 *
 *     await samphire.ready                                // the image is open and clicks are answered at once
 *     await samphire.open(imageId)                        // opens another image in this page
 *     await samphire.predict({points: [[x, y, 1]], box})  // image-frame pixels; label 1 includes, 0 excludes
 *       -> {candidates: [{rle, area, bbox, predictedIou, stability, token}], best, ms, where, segmenter}
 *     await samphire.accept(i)                            // keeps candidate i of the last predict, or what is shown
 *     samphire.annotations()                              // what is accepted; `saved` is true once the server has it
 *     samphire.segmenters()                               // which are installed, and which is in use
 *     await samphire.use(id)                              // another makes the masks; what was said is decoded again
 *     samphire.status()                                   // where masks are computed, work under way, online
 *     samphire.signals.image.value                        // what the page knows of the opened image, and of itself; `view`: how it is shown
 *     samphire.onPage(x, y)                               // where in the page an image-frame place is, in CSS pixels
 *     samphire.paintedMask(width, height)                 // checking aid: the mask as the renderer painted it
 *     samphire.onceDrawn((time) => ...)                   // checking aid: performance.now() after the next drawing
 */

import { online, status } from "../../core/state.js";
import { viewOptions } from "../../editor/view-options.js";

/** @typedef {import("../../core/types.js").ImageInfo} ImageInfo */
/** @typedef {{points?: Array<[number, number, number]>, box?: [number, number, number, number]|null}} ScriptPrompt */

/**
 * @param {object} parts
 * @param {import("../../document/document.js").Document} parts.doc
 * @param {import("../../document/queue/queue.js").Queue} parts.queue
 * @param {import("../../engine/engine.js").Engine} parts.engine
 * @param {import("../../editor/render/stage.js").Stage} parts.stage
 * @param {import("../../net/api.js").Api} parts.api
 * @param {Promise<void>} parts.ready
 * @param {(image: ImageInfo) => Promise<void>} parts.open
 */
export function createScripting({ doc, queue, engine, stage, api, ready, open }) {
  const { image, prompting, segmenters, work } = doc;
  const { prompt, decoded, choice, hover } = prompting;
  const annotations = doc.objects.all;
  const signals = { image, work, prompt, decoded, choice, hover, annotations, segmenters, status, online, view: viewOptions };

  /** The current answer with its full-size masks. */
  async function answer() {
    const now = prompting.answer.peek()?.decoded;
    if (!now)
      throw new Error(prompting.failure.peek()?.message ?? "There is no answer: the prompt was cleared.");
    const { candidates, best, ms, where, segmenter: made } = now;
    const masks = await Promise.all(candidates.map(({ lowRes }) => doc.maskRle(lowRes)));
    const described = candidates.map(({ token, predictedIou, stability }, i) => ({
      ...masks[i],
      token,
      predictedIou,
      stability,
    }));
    return { candidates: described, best, ms, where, segmenter: made.id };
  }

  return Object.freeze({
    ready,
    signals: Object.freeze(signals),

    /** @param {string} imageId */
    async open(imageId) {
      await open(await api.projectImage(queue.project.id, imageId));
    },

    /**
     * Says the prompt as if it had been clicked, all at once, and waits for the masks.
     * @param {ScriptPrompt} said
     */
    async predict({ points = [], box = null }) {
      await ready;
      prompting.say(
        points.map(([x, y, label]) => ({ x, y, label: /** @type {0|1} */ (label ? 1 : 0) })),
        box,
      );
      await prompting.settled();
      return answer();
    },

    /**
     * @param {number} [index] of the candidate; without it the one on screen
     * @returns the annotation, or null when there is nothing to accept
     */
    async accept(index = choice.peek()) {
      prompting.choose(index);
      return doc.accept();
    },

    annotations: () =>
      annotations
        .peek()
        .map((each) => ({ ...each, saved: !doc.objects.unsaved.peek().has(each.id) })),

    segmenters() {
      const { inUse, next, ...rest } = segmenters.peek();
      return { ...rest, inUse: inUse.id, next: next?.id ?? null };
    },

    /** Resolves once the masks of what was said are the other's; rejects when it cannot be had. @param {string} id */
    async use(id) {
      await engine.use(id);
      await prompting.settled();
    },

    status: () => ({
      ...status.peek(),
      work: work.peek(),
      online: online.peek(),
      image: image.peek(),
      renderer: stage.renderer.kind,
    }),

    /** @param {number} x @param {number} y @returns {[number, number]} */
    onPage(x, y) {
      const at = stage.onPage({ x, y });
      return [at.x, at.y];
    },

    /**
     * Draws the mask now on the stage over the whole picture at a size in pixels, with the renderer that paints the
     * screen, and reads it back; null when no mask is painted. Independent of the masks the worker computes.
     * @param {number} width @param {number} height
     */
    paintedMask: (width, height) => stage.paintedMask(width, height),

    /** Calls back with performance.now() after the next drawing. @param {(time: number) => void} tell */
    onceDrawn: (tell) => stage.onceDrawn(tell),
  });
}

/** @typedef {ReturnType<typeof createScripting>} Scripting */
