/** Where the server begins: the path under which a proxy serves it, "" at the root of its host. Its answers leave it out. */

/** As the page says, in `<html data-base>`. */
export const BASE = globalThis.document?.documentElement?.dataset?.base ?? "";

/** An address as the server's answers give it, for the browser. @param {string} path */
export const under = (path) => BASE + path;
