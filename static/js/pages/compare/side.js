/** One side: an image with the objects of one person, or those that the project has. */

import { effect, untracked } from "../../core/signals.js";
import { createDocument } from "../../document/document.js";
import { createEditor } from "../../editor/editor.js";
import { createStage } from "../../editor/render/stage.js";
import { createStageTools } from "../../editor/tools/index.js";

/** @typedef {ReturnType<typeof createSide>} Side */

/**
 * @param {HTMLElement} element
 * @param {Omit<Parameters<typeof createDocument>[0], 'layer'> & {layer: import("../../core/signals.js").Signal<string|undefined>, image: import("../../core/types.js").ImageInfo}} parts
 */
export function createSide(element, { image, ...parts }) {
  const doc = createDocument(parts);
  const editor = createEditor(doc);
  const { pointing, attach } = createStageTools(editor);
  const room = /** @type {HTMLElement} */ (element.querySelector(".stage"));
  const [canvas, overlay] = room.querySelectorAll("canvas");
  createStage({ room, canvas, overlay, editor, pointing, force: null });
  attach(room);
  void doc.open(image);
  return { element, room, doc, editor, layer: parts.layer, head: /** @type {HTMLElement} */ (element.querySelector(".side-head")) };
}

/** Each shows the same place of the image as the other, whichever is moved. @param {Side} one @param {Side} other */
export function link(one, other) {
  for (const [from, to] of [[one, other], [other, one]].map((sides) => sides.map(({ editor }) => editor.viewport)))
    effect(() => {
      const { scale, turn } = from.view.value;
      const isFitted = from.fitted.value;
      untracked(() => {
        if (to.view.peek().turn !== turn) to.rotate(turn - to.view.peek().turn);
        const [here, there] = [from.middle(), to.middle()];
        const isThere = Math.abs(to.view.peek().scale / scale - 1) < 1e-9 && Math.hypot(here.x - there.x, here.y - there.y) * scale < 0.5;
        if (isFitted !== to.fitted.peek() || !(isThere || isFitted)) isFitted ? to.fit() : to.look(here, scale);
      });
    });
}
