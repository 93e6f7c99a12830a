/** Draws picture and masks with WebGL2; keeps what is needed to draw again after the context was lost. */

import { CELL, InputFrame } from "../../geometry/frames.js";
import { CANDIDATE, CRISP_FROM, EDGE_LIGHTER, OUTLINE_WIDTH } from "../layers.js";
import { readMask } from "./read-mask.js";
import { createProgram } from "./program.js";
import { SHADERS } from "./shaders.js";
import { logitsTexture, maskTexture, pictureTexture } from "./textures.js";

/** @typedef {import("../layers.js").Drawing} Drawing */
/** @typedef {import("../layers.js").LowRes} LowRes */
/** @typedef {import("../layers.js").Size} Size */
/** @typedef {import("./textures.js").MaskTexture} MaskTexture */

/**
 * @param {HTMLCanvasElement} canvas @param {() => void} onRestored
 * @returns {import("../layers.js").Renderer|null} null without WebGL2
 */
export function createWebglRenderer(canvas, onRestored) {
  const context = canvas.getContext("webgl2", { antialias: false });
  if (!context) return null;
  const gl = context;
  let programs = compile();
  /** @type {HTMLImageElement|null} */
  let picture = null;
  /** Of the picture. @type {Size|null} */
  let whole = null;
  /** @type {ReturnType<typeof pictureTexture>|null} */
  let pictureSheet = null;
  /** @type {{lowRes: LowRes, texture: WebGLTexture}|null} */
  let logits = null;
  /** @type {Map<string, {rle: import("../layers.js").Rle, sheet: MaskTexture}>} */
  const masks = new Map();

  function compile() {
    return {
      picture: createProgram(gl, SHADERS.picture),
      logits: createProgram(gl, SHADERS.logits),
      mask: createProgram(gl, SHADERS.mask),
    };
  }

  function forget() {
    pictureSheet = null;
    logits = null;
    masks.clear();
  }

  function release() {
    gl.deleteTexture(pictureSheet?.texture ?? null);
    gl.deleteTexture(logits?.texture ?? null);
    for (const { sheet } of masks.values()) gl.deleteTexture(sheet.texture);
    forget();
  }

  /** @param {Event} event */
  function onLost(event) {
    event.preventDefault(); // asks the browser to give the context back
  }

  function onBack() {
    forget(); // the textures went with the context
    programs = compile();
    onRestored();
  }

  canvas.addEventListener("webglcontextlost", onLost);
  canvas.addEventListener("webglcontextrestored", onBack);

  /** @param {Drawing} drawing */
  function drawPicture({ view, size }) {
    if (!picture || !whole) return;
    pictureSheet ??= pictureTexture(gl, picture);
    const crisp = pictureSheet.whole && view.scale * size.dpr >= CRISP_FROM;
    gl.bindTexture(gl.TEXTURE_2D, pictureSheet.texture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, crisp ? gl.NEAREST : gl.LINEAR);
    programs.picture.use();
    programs.picture.set({ uPicture: [whole.width, whole.height] });
    quad(programs.picture, [0, 0, whole.width, whole.height], placement({ view, size }));
  }

  /** @param {Pick<Drawing, 'view'|'size'>} drawing */
  function placement({ view, size }) {
    const { scale, x, y } = view;
    return {
      uView: [scale * size.dpr, scale * size.dpr, x * size.dpr, y * size.dpr],
      uTarget: [gl.drawingBufferWidth, gl.drawingBufferHeight],
    };
  }

  /**
   * @param {import("./program.js").Program} program
   * @param {readonly number[]} rect
   * @param {Record<string, readonly number[]>} place
   */
  function quad(program, rect, place) {
    program.set({ uRect: rect, ...place });
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  /** @param {Drawing} drawing */
  function drawMasks(drawing) {
    const kept = new Set();
    programs.mask.use();
    const perDevice = 1 / (drawing.view.scale * drawing.size.dpr); // image pixels per device pixel
    for (const { id, rle, color, fill, outlined } of drawing.masks) {
      kept.add(id);
      const known = masks.get(id);
      if (known && known.rle !== rle) gl.deleteTexture(known.sheet.texture);
      const sheet = known?.rle === rle ? known.sheet : maskTexture(gl, rle);
      masks.set(id, { rle, sheet });
      gl.bindTexture(gl.TEXTURE_2D, sheet.texture);
      programs.mask.set({
        uStep: [perDevice / sheet.rect[2], perDevice / sheet.rect[3]],
        uColor: color,
        uEdge: color.map((channel) => channel + (1 - channel) * EDGE_LIGHTER),
        uFill: fill,
        uOutline: outlined ? OUTLINE_WIDTH * drawing.size.dpr : 0,
      });
      quad(programs.mask, sheet.rect, placement(drawing));
    }
    for (const [id, { sheet }] of masks) {
      if (kept.has(id)) continue;
      gl.deleteTexture(sheet.texture);
      masks.delete(id);
    }
  }

  /** @param {LowRes} lowRes */
  function bindLogits(lowRes) {
    if (logits?.lowRes !== lowRes) {
      gl.deleteTexture(logits?.texture ?? null);
      logits = { lowRes, texture: logitsTexture(gl, lowRes) };
    }
    gl.bindTexture(gl.TEXTURE_2D, logits.texture);
  }

  /** Cells per image pixel, (x, y). @param {LowRes} lowRes @param {Size} of @returns {[number, number]} */
  function cellsPerPixel({ resize }, of) {
    const frame = new InputFrame(of.width, of.height, resize);
    return [frame.width / of.width / CELL, frame.height / of.height / CELL];
  }

  /**
   * @param {LowRes} lowRes
   * @param {{binary: boolean, perDevice: number, outline: number}} style
   * @param {Record<string, readonly number[]>} place
   */
  function drawLogits(lowRes, { binary, perDevice, outline }, place) {
    if (!whole) return;
    const toCells = cellsPerPixel(lowRes, whole);
    bindLogits(lowRes);
    programs.logits.use();
    programs.logits.set({
      uCells: [lowRes.width, lowRes.height],
      uToCells: toCells,
      uPerDevice: [toCells[0] * perDevice, toCells[1] * perDevice],
      uBinary: binary,
      uColor: CANDIDATE.color,
      uEdge: CANDIDATE.edge,
      uFill: CANDIDATE.fill,
      uOutline: outline,
    });
    quad(programs.logits, [0, 0, whole.width, whole.height], place);
  }

  /** @param {Drawing} drawing */
  function draw(drawing) {
    if (gl.isContextLost()) return;
    const { view, size } = drawing;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    drawPicture(drawing);
    drawMasks(drawing);
    if (drawing.candidate) {
      const perDevice = 1 / (view.scale * size.dpr);
      drawLogits(
        drawing.candidate,
        { binary: false, perDevice, outline: OUTLINE_WIDTH * size.dpr },
        placement(drawing),
      );
    }
  }

  return {
    kind: "webgl2",
    setPicture(next, of) {
      release();
      picture = next;
      whole = of;
    },
    draw,
    paintedMask(lowRes, width, height) {
      if (!whole) throw new Error("No picture is open.");
      const scale = [width / whole.width, height / whole.height];
      return readMask(gl, width, height, (left, columns) => {
        const place = { uView: [...scale, -left, 0], uTarget: [columns, height] };
        drawLogits(lowRes, { binary: true, perDevice: 1, outline: 0 }, place);
      });
    },
    dispose() {
      release();
      canvas.removeEventListener("webglcontextlost", onLost);
      canvas.removeEventListener("webglcontextrestored", onBack);
    },
  };
}
