/** Where the tiles of a long list stand: columns, rows, and which of them can be seen. Arithmetic in CSS pixels, no page. */

/** @typedef {{columns: number, tileWidth: number, tileHeight: number, rowHeight: number}} Layout */

const GAP = 16;
const CAPTION = 48; // under the picture: name, state, objects
const ASPECT = 4 / 3;

/** @param {number} width  of the list @param {number} least  width of a tile @returns {Layout} */
export function layoutFor(width, least) {
  const columns = Math.max(1, Math.floor((width + GAP) / (least + GAP)));
  const tileWidth = Math.max(1, (width - (columns - 1) * GAP) / columns);
  const tileHeight = Math.round(tileWidth / ASPECT) + CAPTION;
  return { columns, tileWidth, tileHeight, rowHeight: tileHeight + GAP };
}

/** @param {Layout} layout @param {number} count  of tiles */
export function heightOf({ columns, rowHeight }, count) {
  return Math.max(0, Math.ceil(count / columns) * rowHeight - GAP);
}

/** Left upper corner. @param {Layout} layout @param {number} index @returns {[number, number]} */
export function placeOf({ columns, tileWidth, rowHeight }, index) {
  return [(index % columns) * (tileWidth + GAP), Math.floor(index / columns) * rowHeight];
}

/**
 * Tiles from `first` up to but not including `end`: those in rows that can be seen, and a few rows around them.
 * @param {Layout} layout @param {number} count @param {number} top  of what is seen, in the list @param {number} height  of it
 * @param {number} [around]  rows
 */
export function windowOf({ columns, rowHeight }, count, top, height, around = 2) {
  const rows = Math.ceil(count / columns);
  const firstRow = Math.min(rows, Math.max(0, Math.floor(top / rowHeight) - around));
  const endRow = Math.min(rows, Math.max(0, Math.ceil((top + height) / rowHeight) + around));
  return { first: Math.min(count, firstRow * columns), end: Math.min(count, endRow * columns) };
}

/**
 * Where a key leads from a tile; null for a key that leads nowhere.
 * @param {string} key @param {number} index @param {{columns: number, count: number, page: number}} grid  page: rows seen
 */
export function stepTo(key, index, { columns, count, page }) {
  const steps = {
    ArrowLeft: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index - columns,
    ArrowDown: index + columns,
    PageUp: index - columns * page,
    PageDown: index + columns * page,
    Home: 0,
    End: count - 1,
  };
  const to = steps[/** @type {keyof typeof steps} */ (key)];
  if (to === undefined || count === 0) return null;
  if (to >= 0 && to < count) return to;
  if (key === "PageUp") return index % columns;
  if (
    key === "PageDown" ||
    (key === "ArrowDown" && Math.floor(index / columns) < Math.floor((count - 1) / columns))
  )
    return count - 1;
  return index;
}
