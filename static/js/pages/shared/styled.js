/** A style sheet of something that is fetched when it is first wanted. */

import { staticUrl } from "../../core/address.js";
import { unreachable } from "../../net/transfers.js";
import { h } from "./dom.js";

/** Resolves once the page has it; one that could not be fetched can be asked for again. @param {string} path  below static/ @returns {Promise<unknown>} */
export function styled(path) {
  return new Promise((resolve, reject) => {
    const failed = () => {
      link.remove();
      reject(unreachable());
    };
    const link = h("link", { rel: "stylesheet", href: staticUrl(path), onload: resolve, onerror: failed });
    document.head.append(link);
  });
}
