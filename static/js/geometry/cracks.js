/** Rings along the edges between pixels inside and outside: the first step of an outline. */

/** @typedef {import("./rings.js").Ring} Ring */

/**
 * Rings with the foreground to the right of the way, each beginning with an edge across. A corner is where a row's edge
 * ends; along each row of the grid, and each column, corners come in pairs that an edge joins: following the two pairings
 * in turn gives the rings. Their order is that of server/domain/outlines.py.
 * @param {import("./region.js").Region} region @returns {Ring[]} image frame
 */
export function crackRings(region) {
  const { singles, crossings } = countCorners(region);
  const corners = pairCorners(region, singles, crossings);
  return follow(region, corners, singles + 2 * crossings);
}

/**
 * Calls for every corner of the grid of pixels' corners at which the outline turns, in reading order; `falling` is null, or
 * at a crossing of two outlines whether its two pixels lie north-west and south-east.
 * @param {import("./region.js").Region} region
 * @param {(x: number, y: number, falling: boolean|null) => void} call  x, y within the window
 */
function forEachCorner({ width, height, data }, call) {
  for (let y = 0; y <= height; y++) {
    const below = y * width;
    const above = below - width;
    let west = 0; // of the pixel column west of the corner: whether it changes from above to below
    let northWest = 0;
    for (let x = 0; x <= width; x++) {
      const north = y > 0 && x < width ? data[above + x] : 0;
      const east = north ^ (y < height && x < width ? data[below + x] : 0);
      if (west !== east) call(x, y, null);
      else if (west && north !== northWest) call(x, y, northWest === 1);
      west = east;
      northWest = north;
    }
  }
}

/** @param {import("./region.js").Region} region */
function countCorners(region) {
  let singles = 0;
  let crossings = 0;
  forEachCorner(region, (_x, _y, falling) => {
    if (falling === null) singles++;
    else crossings++;
  });
  return { singles, crossings };
}

/**
 * Corners numbered: those where one outline turns, then those of crossings to the west, then to the east, each in reading
 * order; and of each the one at the other end of its edge across and of its edge down.
 * @param {import("./region.js").Region} region @param {number} singles @param {number} crossings
 */
function pairCorners(region, singles, crossings) {
  const count = singles + 2 * crossings;
  const xs = new Int32Array(count);
  const ys = new Int32Array(count);
  const across = new Int32Array(count);
  const down = new Int32Array(count);
  const openAbove = new Int32Array(region.width + 1).fill(-1); // of each column, the corner that waits for its partner
  let openWest = -1;
  let single = 0;
  let crossing = 0;

  /** @param {number} corner */
  function joinAcross(corner) {
    if (openWest < 0) {
      openWest = corner;
      return;
    }
    across[corner] = openWest;
    across[openWest] = corner;
    openWest = -1;
  }

  /** @param {number} corner @param {number} x */
  function joinDown(corner, x) {
    const other = openAbove[x];
    openAbove[x] = other < 0 ? corner : -1;
    if (other < 0) return;
    down[corner] = other;
    down[other] = corner;
  }

  forEachCorner(region, (x, y, falling) => {
    if (falling === null) {
      const corner = single++;
      xs[corner] = x;
      ys[corner] = y;
      joinAcross(corner);
      joinDown(corner, x);
      return;
    }
    const west = singles + crossing; // ends the edge from the west; the other begins the one to the east
    const east = west + crossings;
    crossing++;
    xs[west] = xs[east] = x;
    ys[west] = ys[east] = y;
    joinAcross(west);
    joinAcross(east);
    // The corner of a north-west pixel joins west and north; of a north-east one, north and east.
    joinDown(falling ? west : east, x);
    joinDown(falling ? east : west, x);
  });
  return { xs, ys, across, down };
}

/**
 * @param {import("./region.js").Region} region
 * @param {ReturnType<typeof pairCorners>} corners @param {number} count @returns {Ring[]}
 */
function follow({ x, y, width, data }, { xs, ys, across, down }, count) {
  const done = new Uint8Array(count);
  /** @type {Ring[]} */
  const rings = [];
  for (let start = 0; start < count; start++) {
    if (done[start]) continue;
    const eastwards = xs[across[start]] > xs[start];
    const west = Math.min(xs[start], xs[across[start]]);
    const above = ys[start] > 0 && west < width ? data[(ys[start] - 1) * width + west] : 0;
    if (eastwards !== (above === 0)) continue; // the foreground would lie to the left
    /** @type {number[]} */
    const ring = [];
    for (let corner = start; !done[corner]; ) {
      done[corner] = 1;
      ring.push(xs[corner] + x, ys[corner] + y);
      corner = across[corner];
      done[corner] = 1;
      ring.push(xs[corner] + x, ys[corner] + y);
      corner = down[corner];
    }
    rings.push(Float64Array.from(ring));
  }
  return rings;
}
