/** Boxes around low-res masks in the image frame: all of a mask, most of it, and the part of the picture worth showing. */

import { CELL } from "./frames.js";

/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").Box} Box */
/** @typedef {import("./frames.js").InputFrame} InputFrame */
/** @typedef {{x: number, y: number, width: number, height: number}} Part */
/** @typedef {{all: Box|null, most: Box|null}} Extents  null of an empty mask; most: without far specks */

const SPECKS = 0.01; // of a mask's area, on each side, that may lie outside "most" of it
const AROUND = 0.2; // of the object's size, left free on each side
const WIDEST = 2.5; // times the middle candidate: the whole scene must not make an object a speck

/** Each mask is measured once: nobody writes into its logits. @type {WeakMap<LowRes, Extents>} */
const measured = new WeakMap();

/** First and last index between which lies all but a share of the total at each end. @param {Uint32Array} counts @param {number} spare */
function span(counts, spare) {
  let first = 0;
  let last = counts.length - 1;
  for (let sum = 0; first < last; first++) {
    sum += counts[first];
    if (sum > spare) break;
  }
  for (let sum = 0; last > first; last--) {
    sum += counts[last];
    if (sum > spare) break;
  }
  return [first, last + 1];
}

/**
 * @param {LowRes} lowRes logits, above 0 inside
 * @param {InputFrame} frame
 * @returns {Extents} image frame
 */
export function extentsOf(lowRes, frame) {
  const known = measured.get(lowRes);
  if (known) return known;
  const { width, data } = lowRes;
  const rows = new Uint32Array(frame.cellRows);
  const columns = new Uint32Array(frame.cellCols);
  let area = 0;
  for (let y = 0; y < frame.cellRows; y++) {
    for (let x = 0; x < frame.cellCols; x++) {
      if (data[y * width + x] <= 0) continue;
      rows[y]++;
      columns[x]++;
      area++;
    }
  }
  const across = (CELL * frame.imageWidth) / frame.width;
  const down = (CELL * frame.imageHeight) / frame.height;
  /** @param {number} spare @returns {Box} */
  const box = (spare) => {
    const [left, right] = span(columns, spare);
    const [top, bottom] = span(rows, spare);
    const edge = [Math.min(frame.imageWidth, right * across), Math.min(frame.imageHeight, bottom * down)];
    const { x, y } = frame;
    return [x + left * across, y + top * down, x + edge[0], y + edge[1]];
  };
  const extents = area ? { all: box(0), most: box(Math.floor(SPECKS * area)) } : { all: null, most: null };
  measured.set(lowRes, extents);
  return extents;
}

/** @param {readonly Box[]} boxes at least one @returns {Box} around all */
export function joined(boxes) {
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}

/** How wide a part of some shape has to be to show a box with room around it. @param {Box} box @param {number} aspect */
function widthFor([x0, y0, x1, y1], aspect) {
  return (1 + 2 * AROUND) * Math.max(x1 - x0, (y1 - y0) * aspect);
}

/**
 * The part of the picture in which all candidates are shown, so that they can be compared. Around all of them, unless some
 * are so large that the middle one would hardly be seen.
 * @param {readonly Box[]} boxes of the candidates
 * @param {readonly Box[]} marks that are in it in any case: points as empty boxes
 * @param {{width: number, height: number}} picture
 * @param {number} aspect width by height
 * @returns {Part} image frame; beyond the picture where it has another shape
 */
export function cropAround(boxes, marks, { width: imageWidth, height: imageHeight }, aspect) {
  const widest = Math.max(imageWidth, imageHeight * aspect);
  const some = [...boxes, ...marks];
  const whole = some.length ? joined(some) : /** @type {Box} */ ([0, 0, imageWidth, imageHeight]);
  const bySize = [...boxes].sort((a, b) => widthFor(a, aspect) - widthFor(b, aspect));
  const middle = bySize.length ? joined([bySize[(bySize.length - 1) >> 1], ...marks]) : whole;
  const most = WIDEST * Math.max(widthFor(middle, aspect), imageWidth / 40);
  const wanted = Math.max(widthFor(whole, aspect), imageWidth / 40);
  const width = Math.min(wanted, most, widest);
  const height = width / aspect;
  const about = wanted > most ? middle : whole;
  const along = (/** @type {number} */ centre, /** @type {number} */ size, /** @type {number} */ limit) =>
    size >= limit ? (limit - size) / 2 : Math.min(limit - size, Math.max(0, centre - size / 2));
  return {
    x: along((about[0] + about[2]) / 2, width, imageWidth),
    y: along((about[1] + about[3]) / 2, height, imageHeight),
    width,
    height,
  };
}
