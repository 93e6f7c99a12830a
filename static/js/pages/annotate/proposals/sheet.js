/** The proposals as one picture over the image, which moves with it, and the one that a click takes above that. */

import { paletteColor, rgb } from "../../../document/labels/palette.js";
import { rleToBitmap } from "../../../geometry/rle.js";
import { h, set } from "../../shared/dom.js";
import { cellsOf, gridOf, paintCells, paintLabels, spansOf } from "./spans.js";

/** @typedef {import("../../../core/types.js").Rle} Rle */
/** @typedef {import("../../../core/api-types.js").Proposal} Proposal */

const FILL = 0.34;
const RIM = 0.95;
const LIT = Object.freeze({ fill: 0.62, rim: 1 });
const SHADE = 0xb4101010;
const EXACT_PIXELS = 300_000; // a mask whose box has more is lit in the cells of the grid
const COLORS = 24;
const REST = 3; // so many times as long as painting took, until the next

/** @param {string} hex #rrggbb @param {number} alpha 0 to 1 @returns {number} as pixels of a canvas are in memory */
function ink(hex, alpha) {
  const [red, green, blue] = rgb(hex).map((share) => Math.round(255 * share));
  return ((Math.round(255 * alpha) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

const INKS = Uint32Array.from({ length: COLORS }, (_, i) => ink(paletteColor(i), FILL));
const RIMS = Uint32Array.from({ length: COLORS }, (_, i) => ink(paletteColor(i), RIM));

/**
 * @param {HTMLElement} room  the stage
 * @param {import("../../../editor/editor.js").Editor} editor
 * @param {object} what  signals
 * @param {{value: readonly Proposal[]}} what.shown  the largest first
 * @param {{value: Proposal|null}} what.lit
 * @param {{value: boolean}} what.visible
 * @param {{value: boolean}} what.shading  whether what neither a proposal nor an object covers is dark
 * @param {import("./loading.js").Reactive} reactive
 */
export function createSheet(room, { doc, viewport }, { shown, lit, visible, shading }, { effect }) {
  const all = h("canvas", { class: "proposals", "aria-hidden": "true" });
  const one = h("canvas", { class: "proposals proposal-lit", "aria-hidden": "true" });
  room.append(all, one);
  let grid = gridOf(1, 1);
  let labels = new Uint16Array(0);
  let pixels = new ImageData(1, 1);
  /** @type {WeakMap<Rle, import("./spans.js").Spans>} */
  let spans = new WeakMap();
  let corner = { x: 0, y: 0, step: 1 };
  let due = 0;
  let restUntil = 0;

  /** Colours in turn, of which each stays a proposal's own. @type {Map<string, number>} */
  const colors = new Map();
  /** @param {string} id */
  function colorOf(id) {
    const known = colors.get(id) ?? colors.size % COLORS;
    colors.set(id, known);
    return known;
  }

  /** @param {Rle} rle */
  function spansIn(rle) {
    let found = spans.get(rle);
    if (!found) spans.set(rle, (found = spansOf(rle, grid)));
    return found;
  }

  /** @param {HTMLCanvasElement} canvas @param {{x: number, y: number, step: number}} at  its corner, image pixels */
  function lay(canvas, { x, y, step }) {
    const [a, b, c, d, e, f] = viewport.matrix();
    const matrix = [a * step, b * step, c * step, d * step, e + a * x + c * y, f + b * x + d * y];
    canvas.style.transform = `matrix(${matrix.join(",")})`;
  }

  /** The grid of the opened image. */
  function measure() {
    const { width, height } = doc.image.peek() ?? { width: 1, height: 1 };
    grid = gridOf(width, height);
    labels = new Uint16Array(grid.columns * grid.rows);
    pixels = new ImageData(grid.columns, grid.rows);
    spans = new WeakMap();
    colors.clear();
    [all.width, all.height] = [grid.columns, grid.rows];
    lay(all, { x: 0, y: 0, step: grid.step });
  }

  function paint() {
    due = 0;
    const begun = performance.now();
    const list = shown.value;
    const objects = shading.value ? doc.objects.all.peek() : [];
    const inks = new Uint32Array(objects.length + list.length + 1);
    const rims = new Uint32Array(inks.length);
    inks[0] = shading.value ? SHADE : 0;
    list.forEach(({ id }, i) => {
      const color = colorOf(id);
      inks[objects.length + i + 1] = INKS[color];
      rims[objects.length + i + 1] = RIMS[color];
    });
    paintLabels(labels, [...objects, ...list].map(({ rle }) => spansIn(rle)), grid.rows);
    paintCells(labels, grid, inks, rims, new Uint32Array(pixels.data.buffer));
    all.getContext("2d")?.putImageData(pixels, 0, 0);
    all.dataset.masks = String(list.length);
    const took = performance.now() - begun;
    all.dataset.ms = took.toFixed(1);
    restUntil = performance.now() + REST * took;
  }

  function light() {
    const proposal = lit.value;
    set(one, { hidden: !proposal || !visible.value, "data-proposal": proposal?.id ?? null });
    if (!proposal || !visible.value) return;
    const [, , width, height] = proposal.bbox;
    const exact = width * height <= EXACT_PIXELS;
    const cells = exact ? rleToBitmap(proposal.rle) : cellsOf(spansIn(proposal.rle));
    const step = exact ? 1 : grid.step;
    const { color } = doc.labels.active.value;
    outlined(one, cells, ink(color, LIT.fill), 0xffffffff);
    corner = { x: cells.x * step, y: cells.y * step, step };
    lay(one, corner);
  }

  const opened = () => doc.image.value && [doc.image.value.id, doc.image.value.width, doc.image.value.height].join();
  let before = /** @type {string|null} */ (null);
  effect(() => {
    const now = opened();
    if (now !== before) measure();
    before = now;
  });
  effect(() => {
    void [shown.value, shading.value, doc.image.value, shading.value && doc.objects.all.value];
    set(all, { hidden: !visible.value });
    if (!visible.value || due) return;
    const later = () => void (due = requestAnimationFrame(paint));
    const rest = restUntil - performance.now();
    if (rest > 0) due = window.setTimeout(later, rest);
    else later();
  });
  effect(light);
  effect(() => {
    void [viewport.view.value, viewport.size.value, viewport.picture.value];
    lay(all, { x: 0, y: 0, step: grid.step });
    lay(one, corner);
  });
}

/**
 * A mask in one colour with a border of another.
 * @param {HTMLCanvasElement} canvas @param {{width: number, height: number, data: Uint8Array}} mask @param {number} inside @param {number} border
 */
function outlined(canvas, { width, height, data }, inside, border) {
  canvas.width = Math.max(1, width);
  canvas.height = Math.max(1, height);
  const brush = canvas.getContext("2d");
  if (!brush || !data.length) return;
  const image = brush.createImageData(width, height);
  const out = new Uint32Array(image.data.buffer);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (!data[i]) continue;
      const edge = x === 0 || y === 0 || x === width - 1 || y === height - 1 || !data[i - 1] || !data[i + 1] || !data[i - width] || !data[i + width];
      out[i] = edge ? border : inside;
    }
  }
  brush.putImageData(image, 0, 0);
}
