/**
 * All accepted masks in one canvas, drawn anew only when they or the zoom change; somewhat larger than the stage, so that
 * moving the picture moves it along.
 */

import { appliedRect, inverse } from "../../../geometry/turns.js";
import { CRISP_FROM, FRAME_BUDGET_MS, LINES_FROM, RIM_WIDTH, rimCells, scaleOf } from "../layers.js";
import { cornerOf, marginOf, withinMargin } from "../shift.js";
import { MaskSheet, css, drawRing } from "./mask-sheet.js";

/** @typedef {import("../layers.js").Drawing} Drawing */
/** @typedef {import("../layers.js").MaskLayer} MaskLayer */
/** @typedef {import("../layers.js").Matrix} Matrix */
/** @typedef {import("./mask-sheet.js").Rect} Rect */
/** @typedef {{masks: readonly MaskLayer[], matrix: Matrix, width: number, height: number, whole: boolean}} Made */

const CASING = "rgb(0 0 0 / 75%)";

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
  function sheetOf(mask) {
    const known = sheets.get(mask.id);
    if (known?.shows(mask)) return known;
    const sheet = new MaskSheet(mask);
    sheets.set(mask.id, sheet);
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
   * @param {{dpr: number, until: number}} options until: when to stop making sheets, performance.now()
   * @returns {boolean} whether all are as fine as they should be
   */
  function paint(brush, masks, matrix, { dpr, until }) {
    const { width, height } = brush.canvas;
    const scale = scaleOf(matrix);
    const fineness = { step: 2 ** Math.max(0, Math.floor(Math.log2(1 / scale))), rim: rimCells(scale, dpr) };
    const [left, top, right, bottom] = appliedRect(inverse(matrix), [0, 0, width, height]);
    const view = { left, top, right, bottom };
    let whole = true;
    brush.imageSmoothingEnabled = scale < CRISP_FROM;
    for (const mask of masks) {
      const sheet = sheetOf(mask);
      if (!sheet.isIn(view)) continue;
      if (!sheet.fits(fineness, view)) {
        if (performance.now() < until) sheet.fit(fineness, view);
        else whole = false; // meanwhile as it was drawn at another zoom
      }
      brush.setTransform(...matrix);
      brush.globalAlpha = mask.share;
      if (mask.share > 0) {
        sheet.draw(brush);
        if (scale >= LINES_FROM) sheet.drawRim(brush, (RIM_WIDTH * dpr) / scale);
      }
      brush.globalAlpha = 1;
      const ring = mask.outline * dpr;
      if (mask.casing) drawRing(brush, sheet, { width: ring + mask.casing * dpr, color: CASING }, matrix, scratch);
      if (ring) drawRing(brush, sheet, { width: ring, color: css(mask.edge) }, matrix, scratch);
    }
    brush.setTransform(1, 0, 0, 1, 0, 0);
    return whole;
  }

  /** Empties the layer, of a size for the stage. @param {HTMLCanvasElement} stage @param {number} margin */
  function clear(stage, margin) {
    const width = stage.width + 2 * margin;
    const height = stage.height + 2 * margin;
    layer.setTransform(1, 0, 0, 1, 0, 0);
    if (layer.canvas.width === width && layer.canvas.height === height) layer.clearRect(0, 0, width, height);
    else {
      layer.canvas.width = width;
      layer.canvas.height = height;
    }
  }

  /** @param {Drawing} drawing @param {HTMLCanvasElement} stage @param {number} until */
  function make({ masks, matrix, dpr }, stage, until) {
    clear(stage, marginOf(dpr));
    const whole = paint(layer, masks, withinMargin(matrix, dpr), { dpr, until });
    made = { masks, matrix, width: stage.width, height: stage.height, whole };
  }

  /** Draws what is in sight now, and keeps nothing. @param {CanvasRenderingContext2D} brush @param {Drawing} drawing @param {number} until */
  function drawOnce(brush, { masks, matrix, dpr, share }, until) {
    const { width, height } = brush.canvas;
    clear(brush.canvas, marginOf(dpr));
    layer.save();
    layer.beginPath();
    layer.rect(0, 0, width, height);
    layer.clip();
    paint(layer, masks, matrix, { dpr, until });
    layer.restore();
    made = null;
    brush.globalAlpha = share;
    brush.drawImage(layer.canvas, 0, 0, width, height, 0, 0, width, height);
    brush.globalAlpha = 1;
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
      if (zooming) {
        drawOnce(brush, drawing, until);
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
      paint(brush, active, matrix, { dpr, until: Infinity });
    },
  };
}
