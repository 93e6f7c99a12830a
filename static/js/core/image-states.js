/** @typedef {import("./types.js").ImageState} ImageState */

/** Of images on which work is left. @type {readonly ImageState[]} */
export const OPEN_STATES = Object.freeze(["new", "in_progress", "returned", "attention"]);
