/**
 * All accepted masks in one canvas, drawn anew only when they or the zoom change; somewhat larger than the stage, so that
 * moving the picture moves it along.
 */

import { appliedRect, inverse } from "../../geometry/turns.js";
import { CRISP_FROM, FRAME_BUDGET_MS, OUTLINE_WIDTH, scaleOf } from "../layers.js";
import { cornerOf, marginOf, withinMargin } from "../shift.js";
import { MaskSheet, drawRing } from "./mask-sheet.js";

/** @typedef {import("../layers.js").Drawing} Drawing */
/** @typedef {import("../layers.js").MaskLayer} MaskLayer */
/** @typedef {import("../layers.js").Matrix} Matrix */
/** @typedef {import("./mask-sheet.js").Rect} Rect */
/** @typedef {{masks: readonly MaskLayer[], matrix: Matrix, width: number, height: number, whole: boolean}} Made */

const context = () => /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

export function createMaskLayer() {
  const layer = context();
  const scratch = context();
  /** @type {Map<string, MaskSheet>} */
  const sheets = new Map();
  /** What the canvas shows. @type {Made|null} */
  let made = null;
  let scaleBefore = 0;

  /** @param {MaskLayer} mask */
  function sheetOf({ id, rle, color }) {
    const known = sheets.get(id);
    if (known?.rle === rle && known.color.join() === color.join()) return known;
    const sheet = new MaskSheet(rle, color);
    sheets.set(id, sheet);
    return sheet;
  }

  /** @param {readonly MaskLayer[]} masks */
  function forgetOthers(masks) {
    const kept = new Set(masks.map(({ id }) => id));
    for (const id of sheets.keys()) if (!kept.has(id)) sheets.delete(id);
  }

  /**
   * @param {CanvasRenderingContext2D} brush @param {readonly MaskLayer[]} masks
   * @param {Matrix} matrix image frame to the brush's canvas
   * @param {{share: number, dpr: number, until: number}} options until: when to stop making sheets, performance.now()
   * @returns {boolean} whether all are as fine as they should be
   */
  function paint(brush, masks, matrix, { share, dpr, until }) {
    const { width, height } = brush.canvas;
    const scale = scaleOf(matrix);
    const step = 2 ** Math.max(0, Math.floor(Math.log2(1 / scale)));
    const [left, top, right, bottom] = appliedRect(inverse(matrix), [0, 0, width, height]);
    const view = { left, top, right, bottom };
    let whole = true;
    brush.imageSmoothingEnabled = scale < CRISP_FROM;
    for (const mask of masks) {
      const sheet = sheetOf(mask);
      if (!sheet.isIn(view)) continue;
      if (!sheet.fits(step, view)) {
        if (performance.now() < until) sheet.fit(step, view);
        else whole = false; // meanwhile as it was drawn at another zoom
      }
      brush.setTransform(...matrix);
      brush.globalAlpha = mask.fill * share;
      if (mask.fill > 0) sheet.draw(brush);
      brush.globalAlpha = 1;
      if (mask.outlined) drawRing(brush, sheet, OUTLINE_WIDTH * dpr, matrix, scratch);
    }
    brush.setTransform(1, 0, 0, 1, 0, 0);
    return whole;
  }

  /** @param {Drawing} drawing @param {HTMLCanvasElement} stage @param {number} until */
  function make({ masks, matrix, dpr }, stage, until) {
    const margin = marginOf(dpr);
    layer.canvas.width = stage.width + 2 * margin; // empties it
    layer.canvas.height = stage.height + 2 * margin;
    const whole = paint(layer, masks, withinMargin(matrix, dpr), { share: 1, dpr, until });
    made = { masks, matrix, width: stage.width, height: stage.height, whole };
  }

  return {
    forget() {
      sheets.clear();
      made = null;
    },

    /**
     * @param {CanvasRenderingContext2D} brush  of the stage
     * @param {Drawing} drawing
     * @returns {import("../layers.js").Progress}
     */
    draw(brush, drawing) {
      const { masks, matrix, dpr, share } = drawing;
      const stage = brush.canvas;
      const until = performance.now() + FRAME_BUDGET_MS;
      if (made?.masks !== masks) forgetOthers(masks);
      if (!masks.length) return "done";
      const zooming = scaleBefore !== 0 && scaleOf(matrix) !== scaleBefore;
      scaleBefore = scaleOf(matrix);
      if (zooming && !masks[0].outlined) {
        paint(brush, masks, matrix, { share, dpr, until });
        return "rough"; // the layer is made when the zoom rests
      }
      const wanted = { matrix, width: stage.width, height: stage.height };
      if (!made?.whole || made.masks !== masks || !cornerOf(made, wanted, dpr)) make(drawing, stage, until);
      const { x, y } = cornerOf(made, wanted, dpr) ?? { x: 0, y: 0 };
      brush.globalAlpha = share;
      brush.drawImage(layer.canvas, x, y);
      brush.globalAlpha = 1;
      return made?.whole === false ? "more" : "done";
    },

    /** Draws some of them over all. @param {CanvasRenderingContext2D} brush @param {Drawing} drawing */
    drawActive(brush, { active, matrix, dpr }) {
      paint(brush, active, matrix, { share: 1, dpr, until: Infinity });
    },
  };
}
