/**
 * What lies over the picture at a constant size on screen: prompt points, the box and its handles, the
 * keyboard's pointer.
 */

import { HANDLES, handlePlace } from "../hit.js";
import { drawPath } from "./marks/polygon.js";
import { drawDisc, drawTrail } from "./marks/strokes.js";

/** @typedef {import("../../core/types.js").Point} Point */
/** @typedef {import("../../core/types.js").Box} Box */
/** @typedef {{x: number, y: number}} Place */
/**
 * @typedef {object} Marks
 * @property {readonly Point[]} points
 * @property {Box|null} box  of the prompt
 * @property {readonly Box[]} selected  of the objects that are
 * @property {Box|null} draft  being dragged
 * @property {Place|null} cursor  the keyboard's pointer
 * @property {boolean} excluding  whether the keyboard's pointer would exclude
 * @property {number} hoveredPoint  index, -1 for none
 * @property {import("./marks/polygon.js").Path|null} path
 * @property {import("./marks/strokes.js").Trail|null} trail
 * @property {import("./marks/strokes.js").Disc|null} disc
 * @property {number} scale  CSS pixels per image pixel
 * @property {(brush: CanvasRenderingContext2D) => void} paint  what is being painted, below all marks
 */

const INCLUDE = "#1fa34a";
const EXCLUDE = "#dc2f3e";
const BOX = "#ffffff";
const SHADE = "rgba(0, 0, 0, 0.65)";
const RADIUS = 6;
const SMALL = 32; // CSS pixels: a selected object that looks smaller has corners set around it
const AROUND = 5;

/** @param {CanvasRenderingContext2D} brush @param {Place} at @param {0|1} label @param {boolean} hovered */
function drawPoint(brush, at, label, hovered) {
  const radius = hovered ? RADIUS + 2 : RADIUS;
  brush.beginPath();
  brush.arc(at.x, at.y, radius + 2.5, 0, 2 * Math.PI);
  brush.fillStyle = SHADE;
  brush.fill();
  brush.beginPath();
  brush.arc(at.x, at.y, radius + 1.5, 0, 2 * Math.PI);
  brush.fillStyle = "#fff";
  brush.fill();
  brush.beginPath();
  brush.arc(at.x, at.y, radius, 0, 2 * Math.PI);
  brush.fillStyle = label ? INCLUDE : EXCLUDE;
  brush.fill();
  brush.strokeStyle = "#fff";
  brush.lineWidth = 1.75;
  brush.beginPath();
  if (hovered) {
    strokeLine(brush, at.x - 3, at.y - 3, at.x + 3, at.y + 3);
    strokeLine(brush, at.x - 3, at.y + 3, at.x + 3, at.y - 3);
  } else {
    strokeLine(brush, at.x - 3.25, at.y, at.x + 3.25, at.y);
    if (label) strokeLine(brush, at.x, at.y - 3.25, at.x, at.y + 3.25);
  }
  brush.stroke();
}

/**
 * @param {CanvasRenderingContext2D} brush
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 */
function strokeLine(brush, x0, y0, x1, y1) {
  brush.moveTo(x0, y0);
  brush.lineTo(x1, y1);
}

/** @param {CanvasRenderingContext2D} brush @param {Place} from @param {Place} to @param {boolean} dashed */
function drawBox(brush, from, to, dashed) {
  brush.setLineDash([]);
  brush.strokeStyle = SHADE;
  brush.lineWidth = 3;
  brush.strokeRect(from.x, from.y, to.x - from.x, to.y - from.y);
  if (dashed) brush.setLineDash([6, 4]);
  brush.strokeStyle = BOX;
  brush.lineWidth = 1.5;
  brush.strokeRect(from.x, from.y, to.x - from.x, to.y - from.y);
  brush.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} brush @param {Place} at */
function drawHandle(brush, at) {
  brush.fillStyle = SHADE;
  brush.fillRect(at.x - 5, at.y - 5, 10, 10);
  brush.fillStyle = BOX;
  brush.fillRect(at.x - 4, at.y - 4, 8, 8);
}

/** @param {CanvasRenderingContext2D} brush @param {Place} at @param {boolean} excluding */
function drawCursor(brush, at, excluding) {
  for (const [color, width] of /** @type {Array<[string, number]>} */ ([
    [SHADE, 4.5],
    ["#fff", 2],
  ])) {
    brush.strokeStyle = color;
    brush.lineWidth = width;
    brush.beginPath();
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]) {
      strokeLine(brush, at.x + dx * 5, at.y + dy * 5, at.x + dx * 14, at.y + dy * 14);
    }
    brush.stroke();
  }
  brush.fillStyle = excluding ? EXCLUDE : INCLUDE;
  brush.beginPath();
  brush.arc(at.x, at.y, 2.5, 0, 2 * Math.PI);
  brush.fill();
}

/** Corners around an object too small for its outline to be seen. @param {CanvasRenderingContext2D} brush @param {Place} from @param {Place} to */
function drawCorners(brush, from, to) {
  const left = Math.min(from.x, to.x) - AROUND;
  const right = Math.max(from.x, to.x) + AROUND;
  const top = Math.min(from.y, to.y) - AROUND;
  const bottom = Math.max(from.y, to.y) + AROUND;
  const arm = Math.max(4, Math.min(right - left, bottom - top) / 4);
  for (const [color, width] of /** @type {Array<[string, number]>} */ ([
    [SHADE, 4],
    [BOX, 2],
  ])) {
    brush.strokeStyle = color;
    brush.lineWidth = width;
    brush.beginPath();
    for (const x of [left, right]) {
      for (const y of [top, bottom]) {
        brush.moveTo(x + (x === left ? arm : -arm), y);
        brush.lineTo(x, y);
        brush.lineTo(x, y + (y === top ? arm : -arm));
      }
    }
    brush.stroke();
  }
}

/**
 * @param {HTMLCanvasElement} canvas @param {import("../viewport.js").StageSize} size
 * @param {(place: Place) => Place} toScreen @param {Marks} marks
 */
export function drawOverlay(canvas, size, toScreen, marks) {
  const brush = canvas.getContext("2d");
  if (!brush) return;
  brush.setTransform(size.dpr, 0, 0, size.dpr, 0, 0);
  brush.clearRect(0, 0, size.width, size.height);
  brush.lineCap = "round";
  marks.paint(brush);
  for (const [x0, y0, x1, y1] of marks.selected) {
    if (Math.max(x1 - x0, y1 - y0) * marks.scale > SMALL) continue;
    drawCorners(brush, toScreen({ x: x0, y: y0 }), toScreen({ x: x1, y: y1 }));
  }
  for (const box of [marks.box, marks.draft]) {
    if (!box) continue;
    drawBox(
      brush,
      toScreen({ x: box[0], y: box[1] }),
      toScreen({ x: box[2], y: box[3] }),
      box === marks.draft,
    );
  }
  if (marks.box && !marks.draft)
    for (const handle of HANDLES) drawHandle(brush, toScreen(handlePlace(marks.box, handle)));
  marks.points.forEach((point, i) =>
    drawPoint(brush, toScreen(point), point.label, i === marks.hoveredPoint),
  );
  if (marks.path) drawPath(brush, marks.path, toScreen);
  if (marks.trail) drawTrail(brush, marks.trail, toScreen);
  if (marks.disc) drawDisc(brush, marks.disc, toScreen, marks.scale);
  if (marks.cursor) drawCursor(brush, toScreen(marks.cursor), marks.excluding);
}
