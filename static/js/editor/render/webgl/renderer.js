/** Draws picture and masks with WebGL2; keeps what is needed to draw again after the context was lost. */

import { CELL, frameUnder } from "../../../geometry/frames.js";
import { CANDIDATE_OUTLINE, CRISP_FROM, RIM_WIDTH, candidateLook, scaleOf } from "../layers.js";
import { createMaskLayer } from "./mask-layer.js";
import { readMask } from "./read-mask.js";
import { createProgram } from "./program.js";
import { SHADERS } from "./shaders.js";
import { logitsTexture, pictureTexture } from "./textures.js";

/** @typedef {import("../layers.js").Drawing} Drawing */
/** @typedef {import("../layers.js").LowRes} LowRes */
/** @typedef {import("../layers.js").Size} Size */
/** @typedef {import("./mask-layer.js").Target} Target */

/** Shares of red, green and blue in each channel shown. @type {Readonly<Record<string, readonly number[][]>>} */
const CHANNELS = Object.freeze({
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  red: [0, 0, 0].map(() => [1, 0, 0]),
  green: [0, 0, 0].map(() => [0, 1, 0]),
  blue: [0, 0, 0].map(() => [0, 0, 1]),
  grey: [0, 0, 0].map(() => [0.2126, 0.7152, 0.0722]),
});

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
  const layer = createMaskLayer(gl, {
    mask: drawMask,
    active(mask, sheet, target, dpr) {
      drawMask({ ...mask, outline: 0 }, sheet, target, dpr);
      const perDevice = 1 / scaleOf(target.matrix);
      const around = (mask.outline + mask.casing + 1) * dpr * perDevice;
      const [x, y, width, height] = sheet.rect;
      programs.ring.use();
      programs.ring.set({
        uSheet: sheet.rect,
        uStep: [perDevice / width, perDevice / height],
        uEdge: mask.edge,
        uOutline: mask.outline * dpr,
        uCasing: mask.casing * dpr,
        uSharp: Math.max(1, scaleOf(target.matrix)),
      });
      quad(programs.ring, [x - around, y - around, width + 2 * around, height + 2 * around], placement(target));
    },
    sheet(texture, rect, share) {
      programs.sheet.use();
      gl.bindTexture(gl.TEXTURE_2D, texture);
      programs.sheet.set({ uShare: share });
      quad(programs.sheet, rect, placement(onStage([1, 0, 0, 1, 0, 0])));
    },
  });

  /**
   * @param {import("../layers.js").MaskLayer} mask @param {import("./textures.js").MaskTexture} sheet
   * @param {Target} target @param {number} dpr
   */
  function drawMask({ color, rim, edge, fill, share, outline }, sheet, target, dpr) {
    if (!share && !outline) return;
    const perDevice = 1 / scaleOf(target.matrix); // image pixels per device pixel
    programs.mask.use();
    gl.bindTexture(gl.TEXTURE_2D, sheet.texture);
    programs.mask.set({
      uStep: [perDevice / sheet.rect[2], perDevice / sheet.rect[3]],
      uColor: color,
      uRim: rim,
      uRimWidth: RIM_WIDTH * dpr,
      uEdge: edge,
      uEdgeIn: edge,
      uFill: outline ? fill * share : fill,
      uShare: share,
      uOutline: outline * dpr,
    });
    quad(programs.mask, sheet.rect, placement(target));
  }

  function compile() {
    return {
      picture: createProgram(gl, SHADERS.picture),
      logits: createProgram(gl, SHADERS.logits),
      mask: createProgram(gl, SHADERS.mask),
      ring: createProgram(gl, SHADERS.ring),
      sheet: createProgram(gl, SHADERS.sheet),
    };
  }

  function forget() {
    pictureSheet = null;
    logits = null;
    layer.forget();
  }

  function release() {
    gl.deleteTexture(pictureSheet?.texture ?? null);
    gl.deleteTexture(logits?.texture ?? null);
    layer.release();
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

  /** @param {import("../layers.js").Matrix} matrix image frame to device pixels @returns {Target} */
  const onStage = (matrix) => ({ matrix, width: gl.drawingBufferWidth, height: gl.drawingBufferHeight });

  /** @param {Drawing} drawing */
  function drawPicture({ matrix, adjust }) {
    if (!picture || !whole) return;
    pictureSheet ??= pictureTexture(gl, picture);
    const crisp = pictureSheet.whole && scaleOf(matrix) >= CRISP_FROM;
    const [uRed, uGreen, uBlue] = CHANNELS[adjust.channel];
    gl.bindTexture(gl.TEXTURE_2D, pictureSheet.texture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, crisp ? gl.NEAREST : gl.LINEAR);
    programs.picture.use();
    programs.picture.set({ uPicture: [whole.width, whole.height], uRed, uGreen, uBlue });
    programs.picture.set({ uAdjust: [adjust.brightness, adjust.contrast] });
    quad(programs.picture, [0, 0, whole.width, whole.height], placement(onStage(matrix)));
  }

  /** @param {Target} target */
  function placement({ matrix: [a, b, c, d, e, f], width, height }) {
    return { uTurn: [a, b, c, d], uOrigin: [e, f], uTarget: [width, height] };
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

  /** @param {LowRes} lowRes */
  function bindLogits(lowRes) {
    if (logits?.lowRes !== lowRes) {
      gl.deleteTexture(logits?.texture ?? null);
      logits = { lowRes, texture: logitsTexture(gl, lowRes) };
    }
    gl.bindTexture(gl.TEXTURE_2D, logits.texture);
  }

  /**
   * @param {LowRes} lowRes
   * @param {{binary: boolean, perDevice: number, outline: number, look: import("../layers.js").CandidateLook}} style
   * @param {Record<string, readonly number[]>} place
   */
  function drawLogits(lowRes, { binary, perDevice, outline, look }, place) {
    if (!whole) return;
    const frame = frameUnder(lowRes.resize, lowRes, whole);
    const toCells = [frame.width / frame.imageWidth / CELL, frame.height / frame.imageHeight / CELL]; // per image pixel
    bindLogits(lowRes);
    programs.logits.use();
    programs.logits.set({
      uCells: [lowRes.width, lowRes.height],
      uToCells: toCells,
      uPerDevice: [toCells[0] * perDevice, toCells[1] * perDevice],
      uBinary: binary,
      uColor: look.color,
      uEdge: look.edge,
      uEdgeIn: look.edgeIn,
      uFill: look.fill,
      uOutline: outline,
    });
    quad(programs.logits, [frame.x, frame.y, frame.imageWidth, frame.imageHeight], place);
  }

  /** @param {Drawing} drawing @returns {import("../layers.js").Progress} */
  function draw(drawing) {
    if (gl.isContextLost()) return "done";
    const { matrix, dpr, candidate, look } = drawing;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    drawPicture(drawing);
    const progress = layer.draw(drawing);
    layer.drawActive(drawing);
    if (candidate) {
      const style = { binary: false, perDevice: 1 / scaleOf(matrix), outline: CANDIDATE_OUTLINE * dpr, look };
      drawLogits(candidate, style, placement(onStage(matrix)));
    }
    return progress;
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
        const place = { uTurn: [scale[0], 0, 0, scale[1]], uOrigin: [-left, 0], uTarget: [columns, height] };
        drawLogits(lowRes, { binary: true, perDevice: 1, outline: 0, look: candidateLook([1, 1, 1]) }, place);
      });
    },
    dispose() {
      release();
      canvas.removeEventListener("webglcontextlost", onLost);
      canvas.removeEventListener("webglcontextrestored", onBack);
    },
  };
}
