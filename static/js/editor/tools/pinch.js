/** Two fingers: zoom about the middle between them and move with it. */

/** @typedef {import("./tool.js").Place} Place */

/** @param {import("../viewport.js").Viewport} viewport */
export function createPinch(viewport) {
  /** @type {Map<number, Place>} */
  const fingers = new Map();
  let active = false;

  function spread() {
    const [a, b] = [...fingers.values()];
    return {
      middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
      width: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)),
    };
  }

  return {
    /** @param {number} id @param {Place} at @returns {boolean} whether this is a pinch now */
    down(id, at) {
      fingers.set(id, at);
      active ||= fingers.size === 2;
      return active;
    },
    /** @param {number} id @param {Place} at @returns {boolean} whether the movement was the pinch's */
    move(id, at) {
      if (!fingers.has(id) || fingers.size < 2) {
        if (fingers.has(id)) fingers.set(id, at);
        return active;
      }
      const before = spread();
      fingers.set(id, at);
      const after = spread();
      viewport.pan(after.middle.x - before.middle.x, after.middle.y - before.middle.y);
      viewport.zoomAt(after.middle, after.width / before.width);
      return true;
    },
    /** @param {number} id */
    up(id) {
      fingers.delete(id);
      if (fingers.size === 0) active = false;
    },
  };
}
