/** The objects' small pictures: drawn only for rows in sight, a few milliseconds a frame, anew when what they show has changed. */

import { effect } from "../../../core/signals.js";
import { drawObject } from "../../../editor/render/object-thumbnail.js";
import { h } from "../../shared/dom.js";

/** @typedef {import("../../../core/types.js").Annotation} Annotation */
/** @typedef {{canvas: HTMLCanvasElement, object: Annotation|null, seen: boolean, stale: boolean}} Small */
/** @typedef {ReturnType<typeof createThumbnails>} Thumbnails */

const SIDE = 36; // CSS pixels
const FRAME_MS = 4;
const AROUND = "96px"; // beyond what is in sight

/**
 * @param {HTMLElement} list  scrolls the rows
 * @param {{readonly value: HTMLImageElement|null}} picture  the opened one
 */
export function createThumbnails(list, picture) {
  /** @type {WeakMap<Element, Small>} */
  const byRow = new WeakMap();
  /** In sight and to be drawn. @type {Set<Small>} */
  const due = new Set();
  let frame = 0;
  let shown = /** @type {HTMLImageElement|null} */ (null);

  function draw() {
    frame = 0;
    const end = performance.now() + FRAME_MS;
    for (const small of due) {
      due.delete(small);
      small.stale = false;
      if (small.object) drawObject(small.canvas, small.object, shown);
      if (performance.now() > end) break;
    }
    later();
  }

  function later() {
    if (due.size) frame ||= requestAnimationFrame(draw);
  }

  /** @param {Small} small */
  function want(small) {
    if (!small.stale || !small.seen) return;
    due.add(small);
    later();
  }

  const sight = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const small = byRow.get(target);
        if (!small) continue;
        small.seen = isIntersecting;
        if (isIntersecting) want(small);
        else due.delete(small);
      }
    },
    { root: list, rootMargin: AROUND },
  );

  effect(() => {
    shown = picture.value;
    for (const row of list.children) {
      const small = byRow.get(row);
      if (!small) continue;
      small.stale = true;
      want(small);
    }
  });

  /** @param {HTMLElement} row @returns {{element: HTMLElement, update: (object: Annotation) => void}} its small picture */
  return function thumbnailOf(row) {
    const side = Math.round(SIDE * Math.min(2, devicePixelRatio));
    const canvas = h("canvas", { class: "object-picture", width: side, height: side, "aria-hidden": "true" });
    const small = /** @type {Small} */ ({ canvas, object: null, seen: false, stale: true });
    byRow.set(row, small);
    sight.observe(row);
    return {
      element: canvas,
      update(object) {
        const { object: before } = small;
        small.object = object;
        if (before && before.rle === object.rle && before.color === object.color) return;
        small.stale = true;
        want(small);
      },
    };
  };
}
