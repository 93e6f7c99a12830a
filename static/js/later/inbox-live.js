/** The socket of a page that has none of its own, for what is new in the inbox. Loaded once the page has what it shows. */

import { signal } from "../core/signals.js";
import { createSocket } from "../net/socket.js";

export const openSocket = () => createSocket({ online: signal(true) });
