/** Where a floating strip can lie without covering the object: pure geometry in CSS pixels of the stage. */

/** @typedef {{x: number, y: number, width: number, height: number}} Rect */

const GAP = 12;
const EDGE = 8;

/** @param {Rect} a @param {Rect} b */
export function overlap(a, b) {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return across > 0 && down > 0 ? across * down : 0;
}

/**
 * Below the object, else above, beside, or in a corner that is free; where it was, if that still does.
 * @param {Rect} object
 * @param {{width: number, height: number}} size of the strip
 * @param {{width: number, height: number}} room
 * @param {Rect|null} before
 * @param {Rect|null} [taken] by something else that lies over the stage
 * @returns {Rect|null} null when every place covers some of the object
 */
export function freePlace(object, size, room, before, taken = null) {
  const right = room.width - size.width - EDGE;
  const bottom = room.height - size.height - EDGE;
  if (right < EDGE || bottom < EDGE) return null;
  const within = (/** @type {number} */ value, /** @type {number} */ most) =>
    Math.min(most, Math.max(EDGE, value));
  const middleX = within(object.x + (object.width - size.width) / 2, right);
  const middleY = within(object.y + (object.height - size.height) / 2, bottom);
  const places = [
    { x: middleX, y: object.y + object.height + GAP },
    { x: middleX, y: object.y - size.height - GAP },
    { x: object.x + object.width + GAP, y: middleY },
    { x: object.x - size.width - GAP, y: middleY },
    { x: EDGE, y: bottom },
    { x: right, y: bottom },
    { x: EDGE, y: EDGE },
    { x: right, y: EDGE },
  ];
  if (before) places.unshift(before);
  const visible = places.filter(({ x, y }) => x >= EDGE && y >= EDGE && x <= right && y <= bottom);
  const covered = taken ? [object, taken] : [object];
  const free = visible.find((place) => covered.every((rect) => overlap({ ...place, ...size }, rect) === 0));
  return free ? { x: free.x, y: free.y, ...size } : null;
}
