/** The freehand tools' marks over the picture: a scribble or loop with the points taken of it, the brush's disc. */

/** @typedef {{x: number, y: number}} Place */
/**
 * A freehand stroke under way, image frame; points: those of it that would be sent to the network.
 * @typedef {{kind: 'include'|'exclude', loop?: boolean, places: readonly Place[], points: readonly Place[]}} Trail
 */
/** @typedef {{place: Place, radius: number, erases: boolean}} Disc  image frame, image pixels */
/** @typedef {(place: Place) => Place} ToScreen */

const COLORS = Object.freeze({ include: "#2fce66", exclude: "#ff5a68" });
const SHADE = "rgba(0, 0, 0, 0.55)";
const LIGHT = "#fff";
const DOT = 3.5;
const SEEN_AS_DISC = 3; // CSS pixels of radius: a smaller disc has a cross around it

/** @param {CanvasRenderingContext2D} brush @param {string} color @param {number} width */
function stroke(brush, color, width) {
  brush.strokeStyle = color;
  brush.lineWidth = width;
  brush.stroke();
}

/** @param {CanvasRenderingContext2D} brush @param {Trail} trail @param {ToScreen} toScreen */
export function drawTrail(brush, { kind, loop, places, points }, toScreen) {
  brush.lineJoin = "round";
  brush.beginPath();
  for (const place of places) {
    const { x, y } = toScreen(place);
    brush.lineTo(x, y);
  }
  stroke(brush, SHADE, loop ? 3 : 6);
  stroke(brush, COLORS[kind], loop ? 1.5 : 3.5);
  if (loop && places.length > 2) {
    // How it would be closed.
    const [from, to] = [toScreen(places[places.length - 1]), toScreen(places[0])];
    brush.setLineDash([4, 4]);
    brush.beginPath();
    brush.moveTo(from.x, from.y);
    brush.lineTo(to.x, to.y);
    stroke(brush, COLORS[kind], 1.5);
    brush.setLineDash([]);
  }
  for (const point of points) {
    const { x, y } = toScreen(point);
    brush.beginPath();
    brush.arc(x, y, DOT, 0, 2 * Math.PI);
    brush.fillStyle = COLORS[kind];
    brush.fill();
    stroke(brush, LIGHT, 1.5);
  }
}

/** At its true size. @param {CanvasRenderingContext2D} brush @param {Disc} disc @param {ToScreen} toScreen @param {number} scale */
export function drawDisc(brush, { place, radius, erases }, toScreen, scale) {
  const { x, y } = toScreen(place);
  const shown = radius * scale;
  for (const [color, width] of /** @type {Array<[string, number]>} */ ([
    [SHADE, 3],
    [LIGHT, 1.25],
  ])) {
    brush.setLineDash(erases && shown > SEEN_AS_DISC ? [4, 3] : []);
    brush.beginPath();
    brush.arc(x, y, Math.max(0.5, shown), 0, 2 * Math.PI);
    stroke(brush, color, width);
    if (shown > SEEN_AS_DISC) continue;
    brush.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      brush.moveTo(x + 5 * dx, y + 5 * dy);
      brush.lineTo(x + 10 * dx, y + 10 * dy);
    }
    stroke(brush, color, width);
  }
  brush.setLineDash([]);
}
