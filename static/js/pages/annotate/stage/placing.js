/** Where the candidate bar docks without covering the object or the pointer: pure geometry in CSS pixels of the stage. */

/** @typedef {{x: number, y: number, width: number, height: number}} Rect */
/** @typedef {{width: number, height: number}} Size */
/** @typedef {{x: number, y: number}} Share  0 to 1 of the room that is left across and down: where a person put the bar */
/** @typedef {'wish'|'bottom'|'top'|'bottom-left'|'bottom-right'|'top-left'|'top-right'} Dock */

const EDGE = 8; // free on each side of the stage
const CLEAR = 32; // around the object: where the next click may fall
const POINTER = 40; // around the pointer

/** In the order they are tried, so that the bar is mostly in one place. @type {readonly [Dock, Share][]} */
const DOCKS = Object.freeze([
  ["bottom", { x: 0.5, y: 1 }],
  ["top", { x: 0.5, y: 0 }],
  ["bottom-right", { x: 1, y: 1 }],
  ["bottom-left", { x: 0, y: 1 }],
  ["top-right", { x: 1, y: 0 }],
  ["top-left", { x: 0, y: 0 }],
]);

/** @param {Rect} a @param {Rect} b @returns {number} area both cover */
export function overlap(a, b) {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return across > 0 && down > 0 ? across * down : 0;
}

/** @param {Rect} rect @param {number} by @returns {Rect} */
const grown = ({ x, y, width, height }, by) => ({ x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by });

/** @param {Size} size of the bar @param {Size} room */
const left = (size, room) => ({
  width: Math.max(0, room.width - size.width - 2 * EDGE),
  height: Math.max(0, room.height - size.height - 2 * EDGE),
});

/** @param {Share} share @param {Size} size of the bar @param {Size} room @returns {Rect} */
export function rectAt(share, size, room) {
  const { width, height } = left(size, room);
  return { x: Math.round(EDGE + share.x * width), y: Math.round(EDGE + share.y * height), ...size };
}

/** The share that puts the bar's corner at a place, or as near as it can be. @param {{x: number, y: number}} at @param {Size} size @param {Size} room @returns {Share} */
export function shareOf(at, size, room) {
  const { width, height } = left(size, room);
  const share = (/** @type {number} */ value, /** @type {number} */ most) =>
    most > 0 ? Math.min(1, Math.max(0, (value - EDGE) / most)) : 0;
  return { x: share(at.x, width), y: share(at.y, height) };
}

/**
 * The dock to use: the one of before while it covers nothing, else the first that is well clear of the object, else one
 * that is just beside it.
 * @param {object} asked
 * @param {Size} asked.size of the bar
 * @param {Size} asked.room
 * @param {readonly Rect[]} asked.objects what to keep free, from all that might be meant down to what is shown
 * @param {Dock|null} asked.before
 * @param {Share|null} asked.wish where a person wants it
 * @param {{x: number, y: number}|null} asked.pointer
 * @param {readonly Rect[]} asked.taken by something else that lies over the stage
 * @returns {{dock: Dock, rect: Rect}|null} null when every dock covers some of the object
 */
export function docked({ size, room, objects, before, wish, pointer, taken }) {
  if (room.width < size.width + 2 * EDGE || room.height < size.height + 2 * EDGE) return null;
  const all = [...(wish ? [/** @type {[Dock, Share]} */ (["wish", wish])] : []), ...DOCKS];
  const places = all.map(([dock, share]) => ({ dock, rect: rectAt(share, size, room) }));
  const clearOf = (/** @type {readonly Rect[]} */ rects) =>
    places.filter(({ rect }) => rects.every((each) => overlap(rect, each) === 0));
  const shown = objects[objects.length - 1];
  // A pointer that comes near does not drive it away: perhaps it is on its way to a button.
  const stays = clearOf([...taken, shown]).find(({ dock }) => dock === before);
  if (stays) return stays;
  const open = clearOf(pointer ? [...taken, grown({ ...pointer, width: 0, height: 0 }, POINTER)] : taken);
  const wanted = open.find(({ dock, rect }) => dock === "wish" && overlap(rect, shown) === 0);
  if (wanted) return wanted;
  for (const clear of [CLEAR, 0]) {
    for (const object of objects) {
      const free = open.find(({ rect }) => overlap(rect, grown(object, clear)) === 0);
      if (free) return free;
    }
  }
  return null;
}

/**
 * Where there is no room beside the object: the dock that covers least of it, and no mark of the prompt if it can be.
 * @param {Pick<Parameters<typeof docked>[0], 'size'|'room'|'objects'|'taken'> & {marks: readonly Rect[], before: Dock|null}} asked
 * @returns {{dock: Dock, rect: Rect}}
 */
export function leastCovering({ size, room, objects, marks, taken, before }) {
  const shown = objects[objects.length - 1];
  const places = DOCKS.map(([dock, share]) => ({ dock, rect: rectAt(share, size, room) }));
  const cost = (/** @type {{dock: Dock, rect: Rect}} */ { dock, rect }) => {
    const hit = [...marks.map((mark) => grown(mark, POINTER)), ...taken].filter((each) => overlap(rect, each) > 0).length;
    return hit * room.width * room.height + overlap(rect, shown) - (dock === before ? 1 : 0);
  };
  return places.reduce((best, place) => (cost(place) < cost(best) ? place : best));
}
