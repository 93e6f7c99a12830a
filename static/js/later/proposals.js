/** Masks proposed all over an image: what the tool for them does. */

import { createMode } from "../pages/annotate/proposals/mode.js";

export { createMode };
