/** Draws the same as the WebGL2 renderer on a plain 2D canvas, for machines without WebGL2. */

import { frameUnder } from "../../../geometry/frames.js";
import { compressCounts } from "../../../geometry/rle.js";
import { RunCounter } from "../layers.js";
import { createBackdrop } from "./backdrop.js";
import { createCandidateSheet } from "./candidate-sheet.js";
import { eachRow } from "./logits-raster.js";
import { createMaskLayer } from "./mask-layer.js";

/** @typedef {import("../layers.js").Drawing} Drawing */
/** @typedef {import("../layers.js").Size} Size */

/** @param {HTMLCanvasElement} canvas @returns {import("../layers.js").Renderer} */
export function createCanvasRenderer(canvas) {
  const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const backdrop = createBackdrop();
  const layer = createMaskLayer();
  const candidates = createCandidateSheet();
  /** Of the picture. @type {Size|null} */
  let whole = null;
  let before = ""; // the view of the last drawing

  /** @param {Drawing} drawing @returns {import("../layers.js").Progress} */
  function draw(drawing) {
    const { matrix, dpr, candidate, look } = drawing;
    brush.setTransform(1, 0, 0, 1, 0, 0);
    brush.clearRect(0, 0, canvas.width, canvas.height);
    if (!whole) return "done";
    const view = matrix.join();
    const moving = before !== "" && view !== before;
    before = view;
    backdrop.draw(brush, drawing, whole);
    const progress = layer.draw(brush, drawing);
    layer.drawActive(brush, drawing);
    if (candidate) candidates.draw(brush, candidate, { whole, matrix, dpr, rough: moving, look });
    return moving && candidate ? "rough" : progress;
  }

  return {
    kind: "2d",
    setPicture(next, of) {
      whole = of;
      before = "";
      backdrop.setPicture(next);
      layer.forget();
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
      const frame = frameUnder(lowRes.resize, lowRes, whole);
      const bits = new Uint8Array(width * height);
      eachRow(lowRes, frame, grid, (row, y) => {
        for (let x = 0; x < width; x++) bits[y * width + x] = row[x] > 0 ? 1 : 0;
      });
      const runs = new RunCounter();
      for (let x = 0; x < width; x++) for (let y = 0; y < height; y++) runs.push(bits[y * width + x] === 1);
      return { size: [height, width], counts: compressCounts(runs.finish()) };
    },
    dispose: () => layer.forget(),
  };
}
