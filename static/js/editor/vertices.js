/** Corners of an object's outline: which is meant, and the outline with one moved, added or taken out. Pure. */

/** @typedef {import("../geometry/rings.js").Ring} Ring */
/** @typedef {{x: number, y: number}} Place */
/** @typedef {{ring: number, at: number}} Vertex  which ring, which of its corners */

const FEWEST = 3; // corners of a ring

/** @param {readonly Ring[]} rings */
export const cornersOf = (rings) => rings.reduce((sum, ring) => sum + ring.length / 2, 0);

/** @param {readonly Ring[]} rings @param {Vertex} vertex @returns {Place} */
export function placeOf(rings, { ring, at }) {
  return { x: rings[ring][2 * at], y: rings[ring][2 * at + 1] };
}

/** @param {readonly Ring[]} rings @param {Place} place @param {number} reach  image pixels @returns {Vertex|null} the nearest */
export function vertexAt(rings, place, reach) {
  /** @type {Vertex|null} */
  let found = null;
  let nearest = reach;
  rings.forEach((corners, ring) => {
    for (let i = 0; i < corners.length; i += 2) {
      const away = Math.hypot(corners[i] - place.x, corners[i + 1] - place.y);
      if (away <= nearest) [found, nearest] = [{ ring, at: i / 2 }, away];
    }
  });
  return found;
}

/**
 * The nearest place on an edge, and the corner the edge begins at.
 * @param {readonly Ring[]} rings @param {Place} place @param {number} reach @returns {(Vertex & {place: Place})|null}
 */
export function edgeAt(rings, place, reach) {
  /** @type {(Vertex & {place: Place})|null} */
  let found = null;
  let nearest = reach;
  rings.forEach((corners, ring) => {
    for (let i = 0; i < corners.length; i += 2) {
      const next = (i + 2) % corners.length;
      const [x, y] = [corners[i], corners[i + 1]];
      const [dx, dy] = [corners[next] - x, corners[next + 1] - y];
      const along = ((place.x - x) * dx + (place.y - y) * dy) / Math.max(dx * dx + dy * dy, 1e-12);
      const share = Math.min(1, Math.max(0, along));
      const on = { x: x + share * dx, y: y + share * dy };
      const away = Math.hypot(on.x - place.x, on.y - place.y);
      if (away < nearest) [found, nearest] = [{ ring, at: i / 2, place: on }, away];
    }
  });
  return found;
}

/** @param {readonly Ring[]} rings @param {Vertex} vertex @param {Place} place @returns {Ring[]} */
export function withMoved(rings, { ring, at }, { x, y }) {
  const corners = rings[ring].slice();
  corners.set([x, y], 2 * at);
  return rings.with(ring, corners);
}

/** A corner more, behind another. @param {readonly Ring[]} rings @param {Vertex} behind @param {Place} place @returns {Ring[]} */
export function withInserted(rings, { ring, at }, { x, y }) {
  const corners = rings[ring];
  const split = 2 * at + 2;
  return rings.with(ring, Float64Array.from([...corners.subarray(0, split), x, y, ...corners.subarray(split)]));
}

/** A corner less; a ring left with too few goes with it. @param {readonly Ring[]} rings @param {Vertex} vertex @returns {Ring[]} */
export function withRemoved(rings, { ring, at }) {
  const corners = rings[ring].filter((_, i) => i >> 1 !== at);
  return corners.length < 2 * FEWEST ? rings.toSpliced(ring, 1) : rings.with(ring, corners);
}
