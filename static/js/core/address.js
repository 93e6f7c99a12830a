/** Where the browser's own files lie, with the version in the address. Alone in asking for its own address. */

/** A bundle puts this line into any of its files; they all lie one folder below js/, as this file does. */
const STATIC = new URL("../..", import.meta.url);

/** @param {string} path  under static/ */
export const staticUrl = (path) => new URL(path, STATIC).href;
