/** What of an image is looked at, as the hash of its address says it: `#view=X,Y,WIDTH,HEIGHT,TURN&object=ID`. */

import { turnOf } from "../geometry/turns.js";

/** @typedef {{x: number, y: number, width: number, height: number}} Region  image frame; may reach over the picture's edges */
/** @typedef {{region: Region|null, turn: import("../geometry/turns.js").Turn, object: string|null}} LinkedView  region: null is all of the picture */

const OBJECT = /^[\w-]{8,36}$/;
const FARTHEST = 1e6; // image pixels

const short = (/** @type {number} */ value) => String(Math.round(100 * value) / 100);

/** With its "#", or empty where there is nothing to say. @param {LinkedView} view */
export function hashOfView({ region, turn, object }) {
  const { x, y, width, height } = region ?? { x: 0, y: 0, width: 0, height: 0 };
  const parts = [
    region && `view=${[...[x, y, width, height].map(short), ...(turn ? [turn] : [])].join(",")}`,
    object && `object=${encodeURIComponent(object)}`,
  ].filter(Boolean);
  return parts.length ? `#${parts.join("&")}` : "";
}

/** Null where it says nothing of this, or nothing that can be meant. @param {string} hash @returns {LinkedView|null} */
export function viewOfHash(hash) {
  const said = new URLSearchParams(hash.slice(1));
  const object = OBJECT.exec(said.get("object") ?? "")?.[0] ?? null;
  const numbers = (said.get("view") || "none").split(",").map(Number);
  const [x, y, width, height, turn = 0] = numbers;
  const isRegion = (numbers.length === 4 || numbers.length === 5) && numbers.every((each) => Math.abs(each) <= FARTHEST) && width > 0 && height > 0;
  const region = isRegion ? { x, y, width, height } : null;
  return region || object ? { region, turn: turnOf(isRegion ? Math.round(turn) : 0), object } : null;
}
