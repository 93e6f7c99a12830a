/** Tells a page without a socket of its own when there is something else in the inbox. Loaded once the page has what it shows. */

import { signal } from "../core/signals.js";
import { createSocket } from "../net/socket.js";

/** @param {() => void} changed  called after a connection too: something may have been missed */
export function listenToInbox(changed) {
  const socket = createSocket({ online: signal(true) });
  socket.on("inbox:changed", changed);
  socket.on("connect", changed);
}
