/** The polygon being drawn, or the outline being edited: a line with its corners, at a constant size on screen. */

/** @typedef {{x: number, y: number}} Place */
/** @typedef {import("../../../geometry/rings.js").Ring} Ring */
/**
 * What the polygon tool shows, image frame.
 * @typedef {object} Path
 * @property {readonly Ring[]} rings  closed
 * @property {boolean} filled  whether what they enclose is shown: it is not the object's mask yet
 * @property {readonly Place[]} places  of the open line being drawn
 * @property {Place|null} next  where its next corner would be
 * @property {boolean} closes  whether that is the first one
 * @property {Place|null} hovered  the corner that a press would take
 * @property {Place|null} picked  the corner that Delete would remove
 * @property {Place|null} ghost  a corner that a press would add
 * @property {Place|null} snapped  what the pointer is drawn to
 */
/** @typedef {(place: Place) => Place} ToScreen */

const CORNER = "#2e80ff";
const FILL = "rgba(46, 128, 255, 0.28)";
const SHADE = "rgba(0, 0, 0, 0.6)";
const LIGHT = "#fff";
const RADIUS = 3.5;
const LARGE = 6;
const SMALL = 1.75;
const CROWDED = 14; // CSS pixels: of a ring whose corners are nearer to each other on average, only some are drawn

/** @param {CanvasRenderingContext2D} brush @param {Place} at @param {number} radius @param {string} [color] */
function drawCorner(brush, { x, y }, radius, color = CORNER) {
  for (const [grown, style] of /** @type {Array<[number, string]>} */ ([
    [radius + 2, SHADE],
    [radius + 1.25, LIGHT],
    [radius, color],
  ])) {
    brush.beginPath();
    brush.arc(x, y, grown, 0, 2 * Math.PI);
    brush.fillStyle = style;
    brush.fill();
  }
}

/** @param {CanvasRenderingContext2D} brush */
function strokeTwice(brush) {
  brush.lineJoin = "round";
  brush.strokeStyle = SHADE;
  brush.lineWidth = 3;
  brush.stroke();
  brush.strokeStyle = LIGHT;
  brush.lineWidth = 1.25;
  brush.stroke();
}

/** @param {CanvasRenderingContext2D} brush @param {readonly Place[]} corners  on screen */
function drawCorners(brush, corners) {
  const away = (/** @type {Place} */ a, /** @type {Place} */ b) => Math.hypot(a.x - b.x, a.y - b.y);
  const length = corners.reduce((sum, corner, i) => sum + (i ? away(corner, corners[i - 1]) : 0), 0);
  const crowded = corners.length > 12 && length < CROWDED * corners.length;
  let last = { x: Infinity, y: Infinity };
  for (const corner of corners) {
    if (crowded && away(corner, last) < CROWDED) continue;
    drawCorner(brush, corner, crowded ? SMALL : RADIUS);
    last = corner;
  }
}

/** @param {CanvasRenderingContext2D} brush @param {Path} path @param {ToScreen} toScreen */
function drawRings(brush, { rings, filled }, toScreen) {
  if (!rings.length) return;
  const corners = rings.map((ring) =>
    Array.from({ length: ring.length / 2 }, (_, i) => toScreen({ x: ring[2 * i], y: ring[2 * i + 1] })),
  );
  brush.beginPath();
  for (const ring of corners) {
    ring.forEach(({ x, y }, i) => (i ? brush.lineTo(x, y) : brush.moveTo(x, y)));
    brush.closePath();
  }
  if (filled) {
    brush.fillStyle = FILL;
    brush.fill("evenodd");
  }
  strokeTwice(brush);
  for (const ring of corners) drawCorners(brush, ring);
}

/** @param {CanvasRenderingContext2D} brush @param {Path} path @param {ToScreen} toScreen */
function drawLine(brush, { places, next, closes }, toScreen) {
  if (!places.length) return;
  const corners = places.map(toScreen);
  const end = next && toScreen(next);
  brush.beginPath();
  for (const { x, y } of end ? [...corners, end] : corners) brush.lineTo(x, y);
  if (closes || (end && corners.length > 1)) {
    brush.closePath();
    brush.fillStyle = FILL;
    brush.fill();
  }
  brush.beginPath();
  for (const { x, y } of corners) brush.lineTo(x, y);
  strokeTwice(brush);
  if (end) {
    brush.setLineDash([5, 4]);
    brush.beginPath();
    brush.moveTo(corners[corners.length - 1].x, corners[corners.length - 1].y);
    brush.lineTo(end.x, end.y);
    strokeTwice(brush);
    brush.setLineDash([]);
  }
  drawCorners(brush, corners);
  drawCorner(brush, corners[0], closes ? LARGE : RADIUS + 1);
  if (corners.length > 1) drawCorner(brush, corners[corners.length - 1], RADIUS);
}

/** @param {CanvasRenderingContext2D} brush @param {Path} path @param {ToScreen} toScreen */
export function drawPath(brush, path, toScreen) {
  drawRings(brush, path, toScreen);
  drawLine(brush, path, toScreen);
  if (path.ghost) drawCorner(brush, toScreen(path.ghost), RADIUS, LIGHT);
  if (path.picked) drawCorner(brush, toScreen(path.picked), RADIUS + 1.5, "#ffb000");
  if (path.hovered) drawCorner(brush, toScreen(path.hovered), LARGE);
  if (path.snapped) {
    const { x, y } = toScreen(path.snapped);
    brush.beginPath();
    brush.arc(x, y, LARGE + 4, 0, 2 * Math.PI);
    strokeTwice(brush);
  }
}
