/** Picks a renderer: WebGL2 where there is one, else 2D; both draw the same drawing. */

import { createCanvasRenderer } from "./canvas2d/renderer.js";
import { createWebglRenderer } from "./webgl/renderer.js";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{force: string|null, onRestored: () => void}} options force: "2d" skips WebGL2; onRestored: draw again
 * @returns {import("./layers.js").Renderer}
 */
export function createRenderer(canvas, { force, onRestored }) {
  const webgl = force === "2d" ? null : createWebglRenderer(canvas, onRestored);
  return webgl ?? createCanvasRenderer(canvas);
}
