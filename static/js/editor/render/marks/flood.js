/** What the magic wand would take: a region at the fineness of the screen, laid over the picture. */

import { CRISP_FROM } from "../layers.js";

/** @typedef {import("../../../geometry/turns.js").Matrix} Matrix */
/** @typedef {import("../layers.js").CandidateLook} Look */
/**
 * @typedef {{region: import("../../../geometry/region.js").Region, step: number, takes: boolean}} FloodMark
 *   step: image pixels to a side of the region's pixels; takes: from an object, instead of making or adding
 */

const TAKES = Object.freeze([0.86, 0.18, 0.24]);

export function createFloodMark() {
  const sheet = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  /** @type {FloodMark|null} */
  let shown = null;

  let shownLook = /** @type {Look|null} */ (null);

  /** @param {FloodMark} mark @param {Look} look */
  function fill({ region, takes }, look) {
    const { width, height, data } = region;
    sheet.canvas.width = width;
    sheet.canvas.height = height;
    const image = new ImageData(width, height);
    const out = new Uint32Array(image.data.buffer);
    const [red, green, blue] = (takes ? TAKES : look.color).map((share) => Math.round(255 * share));
    const ink = ((Math.round(255 * look.fill) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    for (let i = 0; i < data.length; i++) if (data[i]) out[i] = ink;
    sheet.putImageData(image, 0, 0);
  }

  return {
    /** @param {CanvasRenderingContext2D} brush @param {FloodMark|null} mark @param {Matrix} matrix image frame to device pixels @param {Look} look  of what it would make */
    draw(brush, mark, matrix, look) {
      if (!mark) return;
      if (mark !== shown || look !== shownLook) fill(mark, look);
      [shown, shownLook] = [mark, look];
      const { region, step } = mark;
      brush.save();
      brush.setTransform(...matrix);
      brush.imageSmoothingEnabled = Math.hypot(matrix[0], matrix[1]) * step < CRISP_FROM;
      brush.drawImage(sheet.canvas, region.x * step, region.y * step, region.width * step, region.height * step);
      brush.restore();
    },
  };
}
