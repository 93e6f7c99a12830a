/**
 * All accepted masks in one texture, drawn anew only when they or the zoom change; somewhat larger than the stage, so that
 * moving the picture moves it along.
 */

import { FRAME_BUDGET_MS, scaleOf } from "../layers.js";
import { cornerOf, marginOf, withinMargin } from "../shift.js";
import { maskTexture } from "./textures.js";

/** @typedef {import("../layers.js").Drawing} Drawing */
/** @typedef {import("../layers.js").MaskLayer} MaskLayer */
/** @typedef {import("../layers.js").Matrix} Matrix */
/** @typedef {import("./textures.js").MaskTexture} MaskTexture */
/** @typedef {{matrix: Matrix, width: number, height: number}} Target  image frame to its pixels, and its size */
/**
 * @typedef {object} Paint
 * @property {(mask: MaskLayer, sheet: MaskTexture, target: Target, dpr: number) => void} mask
 * @property {(mask: MaskLayer, sheet: MaskTexture, target: Target, dpr: number) => void} active  with the lines around it
 * @property {(texture: WebGLTexture, rect: readonly number[], share: number) => void} sheet
 *   a texture over a rectangle of the stage, device pixels
 */

/** @param {WebGL2RenderingContext} gl @param {Paint} paint */
export function createMaskLayer(gl, paint) {
  /** @type {Map<string, {rle: import("../layers.js").Rle, sheet: MaskTexture}>} */
  const sheets = new Map();
  /** @type {{masks: readonly MaskLayer[], matrix: Matrix, width: number, height: number, whole: boolean}|null} */
  let made = null;
  /** @type {{texture: WebGLTexture, buffer: WebGLFramebuffer, width: number, height: number}|null} */
  let store = null;
  let scaleBefore = 0;

  /** @param {MaskLayer} mask @param {number} until @returns {MaskTexture|null} null when there is no time to make it */
  function sheetOf({ id, rle }, until) {
    const known = sheets.get(id);
    if (known?.rle === rle) return known.sheet;
    if (performance.now() >= until) return known?.sheet ?? null;
    if (known) gl.deleteTexture(known.sheet.texture);
    const sheet = maskTexture(gl, rle);
    sheets.set(id, { rle, sheet });
    return sheet;
  }

  /** @param {readonly MaskLayer[]} masks */
  function forgetOthers(masks) {
    const kept = new Set(masks.map(({ id }) => id));
    for (const [id, { sheet }] of sheets) {
      if (kept.has(id)) continue;
      gl.deleteTexture(sheet.texture);
      sheets.delete(id);
    }
  }

  /** @param {readonly MaskLayer[]} masks @param {Target} target @param {{dpr: number, until: number}} options */
  function paintAll(masks, target, { dpr, until }) {
    let whole = true;
    for (const mask of masks) {
      const sheet = sheetOf(mask, until);
      whole &&= sheet !== null;
      if (sheet) paint.mask(mask, sheet, target, dpr);
    }
    return whole;
  }

  /** Where to write the layer. @param {number} width @param {number} height device pixels */
  function storeOf(width, height) {
    if (store?.width === width && store.height === height) return store;
    if (store) gl.deleteTexture(store.texture);
    const buffer = store?.buffer ?? gl.createFramebuffer();
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
    for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
    for (const way of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, way, gl.NEAREST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, buffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    store = { texture, buffer, width, height };
    return store;
  }

  /** @param {Drawing} drawing @param {number} until */
  function make({ masks, matrix, dpr }, until) {
    const { drawingBufferWidth: width, drawingBufferHeight: height } = gl;
    const margin = marginOf(dpr);
    const target = storeOf(width + 2 * margin, height + 2 * margin);
    gl.bindFramebuffer(gl.FRAMEBUFFER, target.buffer);
    gl.viewport(0, 0, target.width, target.height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const whole = paintAll(masks, { ...target, matrix: withinMargin(matrix, dpr) }, { dpr, until });
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, width, height);
    made = { masks, matrix, width, height, whole };
  }

  return {
    /** The context was lost, and all that was made with it. */
    forget() {
      sheets.clear();
      made = store = null;
    },

    release() {
      forgetOthers([]);
      if (store) {
        gl.deleteTexture(store.texture);
        gl.deleteFramebuffer(store.buffer);
      }
      made = store = null;
    },

    /** @param {Drawing} drawing @returns {import("../layers.js").Progress} */
    draw(drawing) {
      const { masks, matrix, dpr, share } = drawing;
      const until = performance.now() + FRAME_BUDGET_MS;
      if (made?.masks !== masks) forgetOthers(masks);
      if (!masks.length) return "done";
      const zooming = scaleBefore !== 0 && scaleOf(matrix) !== scaleBefore;
      scaleBefore = scaleOf(matrix);
      const stage = { matrix, width: gl.drawingBufferWidth, height: gl.drawingBufferHeight };
      if (zooming || !made?.whole || made.masks !== masks || !cornerOf(made, stage, dpr)) make(drawing, until);
      const { x, y } = cornerOf(made, stage, dpr) ?? { x: 0, y: 0 };
      const margin = marginOf(dpr);
      const { texture, width, height } = storeOf(stage.width + 2 * margin, stage.height + 2 * margin);
      paint.sheet(texture, [x, y, width, height], share);
      if (zooming) return "rough"; // fine as the zoom is now, but made in a hurry
      return made?.whole === false ? "more" : "done";
    },

    /** Some of them over all. @param {Drawing} drawing */
    drawActive({ active, matrix, dpr }) {
      const stage = { matrix, width: gl.drawingBufferWidth, height: gl.drawingBufferHeight };
      for (const mask of active) {
        const sheet = sheetOf(mask, Infinity);
        if (sheet) paint.active(mask, sheet, stage, dpr);
      }
    },
  };
}
