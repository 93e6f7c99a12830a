/** Where an image is annotated. */

/** @param {string} imageId */
export function addressOf(imageId) {
  return `/images/${encodeURIComponent(imageId)}`;
}
