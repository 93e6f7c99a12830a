/** The mask being made, painted from its logits at the screen's resolution. */

import { frameUnder } from "../../../geometry/frames.js";
import { applied, appliedRect, inverse } from "../../../geometry/turns.js";
import { CANDIDATE_OUTLINE, scaleOf } from "../layers.js";
import { paint } from "./logits-raster.js";

/** @typedef {import("../layers.js").LowRes} LowRes */
/** @typedef {import("../layers.js").Matrix} Matrix */

const ROUGH = 2; // device pixels of a sample while the view moves

export function createCandidateSheet() {
  const sheet = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

  return {
    /**
     * @param {CanvasRenderingContext2D} brush  of the stage
     * @param {LowRes} lowRes
     * @param {{whole: import("../layers.js").Size, matrix: Matrix, dpr: number, rough: boolean, look: import("../layers.js").CandidateLook}} place
     *   whole: size of the picture; matrix: image frame to device pixels
     */
    draw(brush, lowRes, { whole, matrix, dpr, rough, look }) {
      const { width: across, height: down } = brush.canvas;
      const seen = appliedRect(matrix, [0, 0, whole.width, whole.height]);
      const x0 = Math.max(0, Math.round(seen[0]));
      const y0 = Math.max(0, Math.round(seen[1]));
      const x1 = Math.min(across, Math.round(seen[2]));
      const y1 = Math.min(down, Math.round(seen[3]));
      if (x1 <= x0 || y1 <= y0) return;
      const sample = rough ? ROUGH : 1;
      const step = sample / scaleOf(matrix);
      const [left, top, right, bottom] = appliedRect(inverse(matrix), [x0, y0, x1, y1]);
      const width = Math.max(1, Math.round((right - left) / step));
      const height = Math.max(1, Math.round((bottom - top) / step));
      const grid = { x: left, y: top, stepX: step, stepY: step, width, height };
      const frame = frameUnder(lowRes.resize, lowRes, whole);
      const style = { ...look, outline: (CANDIDATE_OUTLINE * dpr) / sample };
      sheet.canvas.width = width;
      sheet.canvas.height = height;
      sheet.putImageData(paint(lowRes, frame, grid, style), 0, 0);
      const [a, b, c, d] = matrix;
      const from = applied(matrix, { x: left, y: top });
      brush.setTransform(a * step, b * step, c * step, d * step, from.x, from.y);
      brush.imageSmoothingEnabled = rough;
      brush.drawImage(sheet.canvas, 0, 0);
      brush.setTransform(1, 0, 0, 1, 0, 0);
    },
  };
}
