/** Moving the picture with the middle button, or with Space held: over any tool, which waits meanwhile. */

/** @typedef {import("./tool.js").Place} Place */
/** @typedef {ReturnType<typeof createPanning>} Panning */

/**
 * @param {import("../viewport.js").Viewport} viewport
 * @param {import("./tool.js").Pointing} pointing
 */
export function createPanning(viewport, pointing) {
  /** @type {Place|null} */
  let last = null;
  let spaceHeld = false;
  let used = false;
  let shapeBefore = "default";

  function show(/** @type {string} */ shape) {
    if (!last && !spaceHeld) shapeBefore = pointing.shape.peek();
    pointing.shape.value = shape;
  }

  return {
    /** Whether the next press moves the picture. */
    get ready() {
      return spaceHeld;
    },
    get busy() {
      return last !== null;
    },
    /** Space goes down. */
    hold() {
      if (spaceHeld) return;
      show("grab");
      spaceHeld = true;
      used = false;
    },
    /** Space goes up. @returns {boolean} whether it was a mere keypress, nothing having been moved */
    release() {
      if (!spaceHeld) return false;
      spaceHeld = false;
      if (!last) pointing.shape.value = shapeBefore;
      return !used;
    },
    /** @param {Place} at screen */
    begin(at) {
      show("grabbing");
      last = at;
      used = true;
    },
    /** @param {Place} at screen */
    move(at) {
      if (last) viewport.pan(at.x - last.x, at.y - last.y);
      last = at;
    },
    end() {
      if (!last) return;
      last = null;
      pointing.shape.value = spaceHeld ? "grab" : shapeBefore;
    },
  };
}
