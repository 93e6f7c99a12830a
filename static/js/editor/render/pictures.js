/** Pictures on their way to the screen: decoded before they are drawn, and the next ones before they are asked for. */

import { under } from "../../net/base.js";

export function createPictures() {
  /** Asked for before they are shown, by address. @type {Map<string, Promise<HTMLImageElement|null>>} */
  let early = new Map();

  return {
    /**
     * Waits until the picture can be drawn without a pause.
     * @param {string} url
     * @returns {Promise<HTMLImageElement|null>} null when it cannot be loaded
     */
    async load(url) {
      const begun = early.get(url);
      early.delete(url); // what has failed once is asked for anew
      return (await begun) ?? loaded(url, "high");
    },

    /** Those that will be wanted next; others are forgotten. @param {readonly string[]} urls */
    ahead(urls) {
      early = new Map(urls.map((url) => [url, early.get(url) ?? loaded(url, "low")]));
    },
  };
}

/** @param {string} url @param {'high'|'low'} priority @returns {Promise<HTMLImageElement|null>} */
async function loaded(url, priority) {
  const picture = new Image();
  picture.decoding = "async";
  picture.fetchPriority = priority;
  picture.crossOrigin = "anonymous"; // the server may say that it lies elsewhere
  picture.src = under(url);
  try {
    await picture.decode();
    return picture;
  } catch {
    return picture.naturalWidth ? picture : null;
  }
}
