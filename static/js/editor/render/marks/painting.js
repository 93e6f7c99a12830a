/**
 * The object that is being painted, as the stroke changes it: its mask and the stroke in one sheet of the screen's pixels,
 * to which every frame adds only what is new. Nothing of it depends on how large the picture is.
 */

import { bboxOf, coverage, expandCounts } from "../../../geometry/rle.js";
import { appliedRect, inverse } from "../../../geometry/turns.js";
import { viewOptions } from "../../view-options.js";
import { ACTIVE_MORE, AROUND, CRISP_FROM, OUTLINE_WIDTH } from "../layers.js";

/** @typedef {import("../../../geometry/turns.js").Matrix} Matrix */
/** @typedef {import("../../../geometry/strokes.js").Stamp} Stamp */
/**
 * @typedef {object} Painting
 * @property {string|null} object  id of the one painted; null: a new one
 * @property {import("../../../core/types.js").Rle|null} rle  its mask before the stroke
 * @property {string} color  #rrggbb
 * @property {readonly Stamp[]} stamps  the stroke so far; the list grows
 * @property {number} radius  image pixels
 * @property {boolean} erases
 */

/** @returns {CanvasRenderingContext2D} */
function sheet() {
  return /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
}

export function createPaintSheet() {
  const paint = sheet();
  const ring = sheet();
  let drawnFor = ""; // the view the sheet is of
  /** @type {readonly Stamp[]|null} */
  let stamps = null;
  /** @type {Painting["rle"]} */
  let base = null;
  let drawn = 0; // stamps in the sheet

  /** The mask in view. @param {NonNullable<Painting["rle"]>} rle @param {string} color @param {Matrix} matrix */
  function drawMask(rle, color, matrix) {
    const { width, height } = paint.canvas;
    const scale = Math.hypot(matrix[0], matrix[1]);
    const step = 2 ** Math.max(0, Math.floor(Math.log2(1 / scale)));
    const counts = expandCounts(rle.counts);
    const [left, top, across, down] = bboxOf(counts, rle.size[0]);
    const view = appliedRect(inverse(matrix), [0, 0, width, height]);
    const x = Math.max(left, Math.floor(view[0]));
    const y = Math.max(top, Math.floor(view[1]));
    const columns = Math.ceil((Math.min(left + across, view[2]) - x) / step);
    const rows = Math.ceil((Math.min(top + down, view[3]) - y) / step);
    if (!(columns > 0 && rows > 0)) return;
    const part = sheet();
    part.canvas.width = columns;
    part.canvas.height = rows;
    const image = new ImageData(columns, rows);
    const alpha = coverage(counts, rle.size[0], { x, y, columns, rows, step });
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
    for (let i = 0; i < alpha.length; i++) image.data.set([red, green, blue, alpha[i]], 4 * i);
    part.putImageData(image, 0, 0);
    paint.imageSmoothingEnabled = scale < CRISP_FROM;
    paint.setTransform(...matrix);
    paint.drawImage(part.canvas, x, y, columns * step, rows * step);
  }

  /** What the stroke has grown by. @param {Painting} painting @param {Matrix} matrix */
  function drawStamps(painting, matrix) {
    paint.setTransform(...matrix);
    paint.globalCompositeOperation = painting.erases ? "destination-out" : "source-over";
    paint.strokeStyle = painting.color;
    paint.lineCap = "round";
    for (; drawn < painting.stamps.length; drawn++) {
      const stamp = painting.stamps[drawn];
      const from = painting.stamps[drawn - 1] ?? stamp;
      paint.lineWidth = 2 * (stamp.radius ?? painting.radius);
      paint.beginPath();
      paint.moveTo(from.x, from.y);
      paint.lineTo(stamp.x, stamp.y); // of no length it is a disc, with round ends
      paint.stroke();
    }
    paint.globalCompositeOperation = "source-over";
  }

  /** The band around it, as selected objects have. @param {CanvasRenderingContext2D} brush @param {number} width device pixels */
  function drawRing(brush, width) {
    ring.globalCompositeOperation = "source-over";
    ring.clearRect(0, 0, ring.canvas.width, ring.canvas.height);
    for (const [dx, dy] of AROUND) ring.drawImage(paint.canvas, dx * width, dy * width);
    ring.globalCompositeOperation = "destination-out";
    ring.drawImage(paint.canvas, 0, 0);
    brush.drawImage(ring.canvas, 0, 0);
  }

  return {
    /**
     * @param {CanvasRenderingContext2D} brush of a canvas as large as the stage
     * @param {Painting|null} painting
     * @param {Matrix} matrix image frame to device pixels
     * @param {number} dpr
     */
    draw(brush, painting, matrix, dpr) {
      if (!painting) {
        stamps = null;
        return;
      }
      const { width, height } = brush.canvas;
      const view = [...matrix, width, height].join();
      if (view !== drawnFor || painting.stamps !== stamps || painting.rle !== base) {
        drawnFor = view;
        ({ stamps, rle: base } = painting);
        drawn = 0;
        for (const each of [paint, ring]) {
          each.canvas.width = width; // clears it
          each.canvas.height = height;
        }
        if (painting.rle) drawMask(painting.rle, painting.color, matrix);
      }
      drawStamps(painting, matrix);
      brush.save();
      brush.setTransform(1, 0, 0, 1, 0, 0);
      brush.globalAlpha = Math.min(1, viewOptions.opacity.peek() + ACTIVE_MORE);
      brush.drawImage(paint.canvas, 0, 0);
      brush.globalAlpha = 1;
      drawRing(brush, OUTLINE_WIDTH * dpr);
      brush.restore();
    },
  };
}
