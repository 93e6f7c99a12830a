/** A few points that stand for a freehand stroke, or for what a loop encloses. Pure; places in one frame. */

/** @typedef {{x: number, y: number}} Place */
/** @typedef {[number, number, number, number]} Box  x0, y0, x1, y1 */

const CORNERS = 200; // of a loop: more tell nothing of its inside
const CELLS = 64; // of a loop's longer side
const DEEP = 0.35; // share of the greatest depth that points inside a loop keep from its edge

/** Length of the stroke up to each of its places. @param {readonly Place[]} stroke @returns {number[]} */
function lengths(stroke) {
  let sum = 0;
  return stroke.map(({ x, y }, i) => (sum += i ? Math.hypot(x - stroke[i - 1].x, y - stroke[i - 1].y) : 0));
}

/**
 * Places evenly along a stroke by its length.
 * @param {readonly Place[]} stroke at least one place @param {number} count at least two
 * @param {number} [ends] share of the length that is passed over at either end @returns {Place[]}
 */
export function placesAlong(stroke, count, ends = 0) {
  const reached = lengths(stroke);
  const whole = reached[reached.length - 1];
  if (whole === 0) return [stroke[0]];
  let at = 1;
  return Array.from({ length: count }, (_, i) => {
    const wanted = whole * (ends + ((1 - 2 * ends) * i) / (count - 1));
    while (at < stroke.length - 1 && (reached[at] < wanted || reached[at] === reached[at - 1])) at += 1;
    const share = (wanted - reached[at - 1]) / (reached[at] - reached[at - 1]);
    const [a, b] = [stroke[at - 1], stroke[at]];
    return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) };
  });
}

/** @param {readonly Place[]} places @returns {Box} */
export function boundsOf(places) {
  return places.reduce(
    ([x0, y0, x1, y1], { x, y }) => [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)],
    /** @type {Box} */ ([Infinity, Infinity, -Infinity, -Infinity]),
  );
}

/**
 * How far inside a loop a place lies; negative outside. What is wound around more than once counts as inside.
 * @param {readonly Place[]} loop closed by itself @param {number} x @param {number} y
 */
function depth(loop, x, y) {
  let winding = 0;
  let nearest = Infinity;
  for (let i = 0, before = loop[loop.length - 1]; i < loop.length; before = loop[i++]) {
    const a = before;
    const b = loop[i];
    const dx = b.x - a.x;
    const dy = b.y - a.y;
    const squared = dx * dx + dy * dy;
    const along = squared ? Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / squared)) : 0;
    nearest = Math.min(nearest, Math.hypot(x - a.x - along * dx, y - a.y - along * dy));
    const right = dx * (y - a.y) - dy * (x - a.x);
    if (a.y <= y && b.y > y && right > 0) winding += 1;
    else if (a.y > y && b.y <= y && right < 0) winding -= 1;
  }
  return winding ? nearest : -nearest;
}

/**
 * Places inside a loop, spread out and well away from its edge: first the deepest, then always the one that is farthest
 * from those before it and from the edge.
 * @param {readonly Place[]} loop @param {number} count @returns {Place[]} fewer where the loop encloses nothing
 */
export function placesInside(loop, count) {
  const corners = loop.length > CORNERS ? placesAlong([...loop, loop[0]], CORNERS) : loop;
  const [x0, y0, x1, y1] = boundsOf(corners);
  const step = Math.max(x1 - x0, y1 - y0) / CELLS;
  if (!(step > 0)) return [];
  const cells = [];
  for (let y = y0 + step / 2; y < y1; y += step) {
    for (let x = x0 + step / 2; x < x1; x += step) {
      const inside = depth(corners, x, y);
      if (inside > 0) cells.push({ x, y, depth: inside, room: inside });
    }
  }
  const deepest = cells.reduce((most, cell) => Math.max(most, cell.depth), 0);
  const free = cells.filter((cell) => cell.depth >= DEEP * deepest);
  /** @type {Place[]} */
  const chosen = [];
  while (chosen.length < count && free.length) {
    const next = free.reduce((best, cell) => (cell.room > best.room ? cell : best));
    if (next.room <= 0) break;
    chosen.push({ x: next.x, y: next.y });
    for (const cell of free) cell.room = Math.min(cell.room, Math.hypot(cell.x - next.x, cell.y - next.y));
  }
  return chosen;
}
