/** Draws the same as the WebGL2 renderer on a plain 2D canvas, for machines without WebGL2. */

import { InputFrame } from "../../geometry/frames.js";
import { compressCounts } from "../../geometry/rle.js";
import { CANDIDATE, CRISP_FROM, OUTLINE_WIDTH, RunCounter } from "../layers.js";
import { eachRow, paint } from "./logits-raster.js";
import { drawRing, MaskSheet } from "./mask-sheet.js";

/** @typedef {import("../layers.js").Drawing} Drawing */
/** @typedef {import("../layers.js").Size} Size */

/** @param {HTMLCanvasElement} canvas @returns {import("../layers.js").Renderer} */
export function createCanvasRenderer(canvas) {
  const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const scratch = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  /** The picture as this view shows it: scaling many megapixels takes far longer than drawing a mask. */
  const backdrop = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  let shown = ""; // the view that the backdrop is of
  /** @type {HTMLImageElement|null} */
  let picture = null;
  /** Of the picture. @type {Size|null} */
  let whole = null;
  /** @type {Map<string, MaskSheet>} */
  const sheets = new Map();

  /** @param {import("../layers.js").MaskLayer} mask */
  function sheetOf({ id, rle, color }) {
    const known = sheets.get(id);
    if (known?.rle === rle && known.color.join() === color.join()) return known;
    const sheet = new MaskSheet(rle, color);
    sheets.set(id, sheet);
    return sheet;
  }

  /** @param {Drawing} drawing @param {import("./mask-sheet.js").Place} place */
  function drawMasks({ masks, size }, place) {
    const kept = new Set(masks.map(({ id }) => id));
    for (const id of sheets.keys()) if (!kept.has(id)) sheets.delete(id);
    for (const mask of masks) {
      const sheet = sheetOf(mask);
      sheet.fit(place, canvas);
      brush.globalAlpha = mask.fill;
      sheet.draw(brush, place);
      brush.globalAlpha = 1;
      if (!mask.outlined) continue;
      drawRing(scratch, sheet, OUTLINE_WIDTH * size.dpr, place);
      brush.drawImage(scratch.canvas, 0, 0);
    }
  }

  /**
   * @param {import("../layers.js").LowRes} lowRes
   * @param {Size} of
   * @param {number} dpr
   * @param {{scale: number, x: number, y: number}} place
   */
  function drawCandidate(lowRes, of, dpr, place) {
    const x0 = Math.max(0, Math.round(place.x));
    const y0 = Math.max(0, Math.round(place.y));
    const width = Math.min(canvas.width, Math.round(place.x + of.width * place.scale)) - x0;
    const height = Math.min(canvas.height, Math.round(place.y + of.height * place.scale)) - y0;
    if (width <= 0 || height <= 0) return;
    const step = 1 / place.scale;
    const grid = {
      x: (x0 - place.x) * step,
      y: (y0 - place.y) * step,
      stepX: step,
      stepY: step,
      width,
      height,
    };
    scratch.globalCompositeOperation = "source-over";
    scratch.clearRect(0, 0, canvas.width, canvas.height);
    const frame = new InputFrame(of.width, of.height, lowRes.resize);
    scratch.putImageData(paint(lowRes, frame, grid, { ...CANDIDATE, outline: OUTLINE_WIDTH * dpr }), x0, y0);
    brush.drawImage(scratch.canvas, 0, 0);
  }

  /** @param {Size} of @param {import("./mask-sheet.js").Place} place */
  function drawPicture({ width, height }, place) {
    if (!picture) return;
    const view = [place.scale, place.x, place.y, canvas.width, canvas.height].join();
    if (view !== shown) {
      shown = view;
      backdrop.canvas.width = canvas.width; // clears it
      backdrop.canvas.height = canvas.height;
      backdrop.imageSmoothingEnabled = place.scale < CRISP_FROM;
      backdrop.imageSmoothingQuality = "high";
      backdrop.drawImage(picture, place.x, place.y, width * place.scale, height * place.scale);
    }
    brush.drawImage(backdrop.canvas, 0, 0);
  }

  /** @param {Drawing} drawing */
  function draw(drawing) {
    const { view, size, candidate } = drawing;
    const place = { scale: view.scale * size.dpr, x: view.x * size.dpr, y: view.y * size.dpr };
    if (scratch.canvas.width !== canvas.width) scratch.canvas.width = canvas.width;
    if (scratch.canvas.height !== canvas.height) scratch.canvas.height = canvas.height;
    brush.clearRect(0, 0, canvas.width, canvas.height);
    if (!whole) return;
    drawPicture(whole, place);
    brush.imageSmoothingEnabled = place.scale < CRISP_FROM;
    drawMasks(drawing, place);
    if (candidate) drawCandidate(candidate, whole, size.dpr, place);
  }

  return {
    kind: "2d",
    setPicture(next, of) {
      picture = next;
      whole = of;
      shown = "";
      sheets.clear();
    },
    draw,
    paintedMask(lowRes, width, height) {
      if (!whole) throw new Error("No picture is open.");
      const grid = {
        x: 0,
        y: 0,
        stepX: whole.width / width,
        stepY: whole.height / height,
        width,
        height,
      };
      const frame = new InputFrame(whole.width, whole.height, lowRes.resize);
      const bits = new Uint8Array(width * height);
      eachRow(lowRes, frame, grid, (row, y) => {
        for (let x = 0; x < width; x++) bits[y * width + x] = row[x] > 0 ? 1 : 0;
      });
      const runs = new RunCounter();
      for (let x = 0; x < width; x++) for (let y = 0; y < height; y++) runs.push(bits[y * width + x] === 1);
      return { size: [height, width], counts: compressCounts(runs.finish()) };
    },
    dispose: () => sheets.clear(),
  };
}
