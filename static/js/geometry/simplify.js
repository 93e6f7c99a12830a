/** Rings with fewer corners, as server/domain/outlines.py makes them. */

/** @typedef {import("./rings.js").Ring} Ring */

/**
 * The ring through the middle of every pixel edge along an exact one, its corners only.
 * @param {Ring} ring @returns {Ring}
 */
export function middles(ring) {
  /** @type {number[]} */
  const all = [];
  for (let i = 0; i < ring.length; i += 2) {
    const next = (i + 2) % ring.length;
    const [dx, dy] = [ring[next] - ring[i], ring[next + 1] - ring[i + 1]];
    const length = Math.abs(dx) + Math.abs(dy);
    for (let step = 0; step < length; step++) {
      all.push(ring[i] + (step + 0.5) * Math.sign(dx), ring[i + 1] + (step + 0.5) * Math.sign(dy));
    }
  }
  return withoutStraight(all);
}

/** @param {readonly number[]} all  x and y in turn @returns {Ring} without those within a straight line */
function withoutStraight(all) {
  const kept = [];
  for (let i = 0; i < all.length; i += 2) {
    const before = (i || all.length) - 2;
    const after = (i + 2) % all.length;
    const [bx, by] = [all[i] - all[before], all[i + 1] - all[before + 1]];
    const [ax, ay] = [all[after] - all[i], all[after + 1] - all[i + 1]];
    if (bx * ay !== by * ax) kept.push(all[i], all[i + 1]);
  }
  return Float64Array.from(kept);
}

/**
 * Douglas and Peucker (1973) on a closed ring: no corner left out is further than `tolerance` from it.
 * @param {Ring} ring @param {number} tolerance  pixels @returns {Ring}
 */
export function simplify(ring, tolerance) {
  const count = ring.length / 2;
  if (count <= 3) return ring;
  const closed = new Float64Array(ring.length + 2); // an extreme corner stays, and comes first and last
  const first = extreme(count, (i) => -(ring[2 * i] + ring[2 * i + 1]));
  for (let i = 0; i <= count; i++) closed.set(ring.subarray(2 * ((i + first) % count), 2 * ((i + first) % count) + 2), 2 * i);
  const opposite = extreme(count, (i) => (closed[2 * i] - closed[0]) ** 2 + (closed[2 * i + 1] - closed[1]) ** 2);
  return thinned(closed, [0, opposite, count], tolerance).slice(0, -2);
}

/**
 * The same of a line with two ends, which stay.
 * @param {Float64Array} line  x and y in turn @param {number} tolerance @returns {Float64Array}
 */
export function simplifyLine(line, tolerance) {
  return line.length > 4 ? thinned(line, [0, line.length / 2 - 1], tolerance) : line;
}

/**
 * The corners that stay, between some that do in any case.
 * @param {Float64Array} line @param {readonly number[]} fixed  in order, the first and the last corner among them
 * @param {number} tolerance @returns {Float64Array}
 */
function thinned(line, fixed, tolerance) {
  const keep = new Uint8Array(line.length / 2);
  for (const corner of fixed) keep[corner] = 1;
  const spans = fixed.slice(1).map((to, i) => [fixed[i], to]);
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span;
    if (to - from < 2) continue;
    const { farthest, distance } = farthestFrom(line, from, to);
    if (!(distance > tolerance * tolerance)) continue;
    keep[farthest] = 1;
    spans.push([from, farthest], [farthest, to]);
  }
  return line.filter((_, i) => keep[i >> 1]);
}

/** Index of the greatest, the first of several. @param {number} count @param {(i: number) => number} valueOf */
function extreme(count, valueOf) {
  let best = 0;
  for (let i = 1; i < count; i++) if (valueOf(i) > valueOf(best)) best = i;
  return best;
}

/**
 * The corner between two that is furthest from the line joining them, and the square of how far.
 * @param {Float64Array} closed @param {number} from @param {number} to
 */
function farthestFrom(closed, from, to) {
  const [x, y] = [closed[2 * from], closed[2 * from + 1]];
  const [alongX, alongY] = [closed[2 * to] - x, closed[2 * to + 1] - y];
  const length = Math.max(alongX * alongX + alongY * alongY, 1e-12);
  let farthest = from + 1;
  let distance = -1;
  for (let i = from + 1; i < to; i++) {
    const [offsetX, offsetY] = [closed[2 * i] - x, closed[2 * i + 1] - y];
    const place = Math.min(Math.max((offsetX * alongX + offsetY * alongY) / length, 0), 1);
    const [restX, restY] = [offsetX - place * alongX, offsetY - place * alongY];
    const here = restX * restX + restY * restY;
    if (here > distance) [farthest, distance] = [i, here];
  }
  return { farthest, distance };
}
