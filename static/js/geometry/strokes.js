/**
 * Pixels under a stroke: those whose centres lie within the swept disc, exactly. Each segment is filled row by row; where
 * a row begins and ends is computed, and then settled by the very test that says what is within.
 */

/** @typedef {{x: number, y: number}} Place  image frame */
/** @typedef {{x: number, y: number, radius?: number}} Stamp  with a radius of its own where a pen's pressure gives one */
/** @typedef {import("./region.js").Region} Region */

const SLACK = 1e-6; // image pixels by which a row may only seem to miss the disc

/**
 * Whether a place lies within a distance of a segment.
 * @param {number} x @param {number} y @param {Place} a @param {Place} b @param {number} radius
 */
export function isWithin(x, y, a, b, radius) {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const squared = dx * dx + dy * dy;
  const along = squared ? Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / squared)) : 0;
  const across = x - (a.x + along * dx);
  const down = y - (a.y + along * dy);
  return across * across + down * down <= radius * radius;
}

/**
 * About where the line at a height enters and leaves what a segment sweeps, which is convex.
 * @param {number} y @param {Place} a @param {Place} b @param {number} radius
 * @returns {[number, number]} from above to when it does not
 */
function crossing(y, a, b, radius) {
  let from = Infinity;
  let to = -Infinity;
  for (const { x, y: middle } of [a, b]) {
    const half = Math.sqrt(Math.max(0, radius * radius - (y - middle) ** 2));
    if (Math.abs(y - middle) > radius + SLACK) continue;
    from = Math.min(from, x - half);
    to = Math.max(to, x + half);
  }
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (!length || a.y === b.y) return [from, to];
  const side = { x: (-(b.y - a.y) / length) * radius, y: ((b.x - a.x) / length) * radius };
  for (const sign of [1, -1]) {
    // A side of the swept rectangle: the segment, moved by the radius.
    const along = (y - (a.y + sign * side.y)) / (b.y - a.y);
    if (along < 0 || along > 1) continue;
    const x = a.x + sign * side.x + along * (b.x - a.x);
    from = Math.min(from, x);
    to = Math.max(to, x);
  }
  return [from, to];
}

/**
 * Marks the pixels of one segment.
 * @param {Region} region @param {Place} a @param {Place} b @param {number} radius
 */
function fillSegment({ x: left, y: top, width, height, data }, a, b, radius) {
  const first = Math.max(0, Math.floor(Math.min(a.y, b.y) - radius) - top);
  const last = Math.min(height - 1, Math.ceil(Math.max(a.y, b.y) + radius) - top);
  for (let row = first; row <= last; row++) {
    const y = top + row + 0.5;
    const [from, to] = crossing(y, a, b, radius);
    if (from > to) continue;
    let begin = Math.floor(from - 0.5) - 1 - left;
    let end = Math.ceil(to - 0.5) + 1 - left;
    while (begin <= end && !isWithin(left + begin + 0.5, y, a, b, radius)) begin++;
    while (end >= begin && !isWithin(left + end + 0.5, y, a, b, radius)) end--;
    begin = Math.max(0, begin);
    end = Math.min(width - 1, end);
    if (begin <= end) data.fill(1, row * width + begin, row * width + end + 1);
  }
}

/**
 * What a disc covers that is moved along a line of places; a lone place is stamped once. A segment is as wide as its end.
 * @param {readonly Stamp[]} points @param {number} radius  image pixels
 * @param {{width: number, height: number}} picture  what lies outside is left out
 * @returns {Region}
 */
export function stampStroke(points, radius, picture) {
  const widest = points.reduce((most, point) => Math.max(most, point.radius ?? radius), 0);
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const x = Math.max(0, Math.floor(least(xs) - widest));
  const y = Math.max(0, Math.floor(least(ys) - widest));
  const width = Math.max(0, Math.min(picture.width, Math.ceil(most(xs) + widest)) - x);
  const height = Math.max(0, Math.min(picture.height, Math.ceil(most(ys) + widest)) - y);
  /** @type {Region} */
  const region = { x, y, width, height, data: new Uint8Array(width * height) };
  points.forEach((point, i) => fillSegment(region, points[i - 1] ?? point, point, point.radius ?? radius));
  return region;
}

/** Of a list that may be too long to be spread. @param {readonly number[]} values */
const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
/** @param {readonly number[]} values */
const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
