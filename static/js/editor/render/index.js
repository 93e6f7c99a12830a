/** Picks a renderer: WebGL2 where a graphics card does the work, else 2D, which is the faster without one. */

import { createCanvasRenderer } from "./canvas2d/renderer.js";
import { createWebglRenderer } from "./webgl/renderer.js";

const SOFTWARE = /SwiftShader|llvmpipe|softpipe|Software|Basic Render/i;

/** Whether WebGL2 is drawn by the processor. Browsers do not always own up to it when asked for a fast context. */
function isEmulated() {
  const gl = document.createElement("canvas").getContext("webgl2");
  if (!gl) return false;
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return SOFTWARE.test(renderer);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{force: string|null, onRestored: () => void}} options force: "2d" or "webgl2"; onRestored: draw
 *   again
 * @returns {import("./layers.js").Renderer}
 */
export function createRenderer(canvas, { force, onRestored }) {
  const wanted = force === "webgl2" || (force !== "2d" && !isEmulated());
  const webgl = wanted ? createWebglRenderer(canvas, onRestored) : null;
  return webgl ?? createCanvasRenderer(canvas);
}
