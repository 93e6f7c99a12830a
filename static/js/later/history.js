/** The panel of who did what when, of the selected object or of the image; versions are looked at and restored. */

import { createHistoryPanel } from "../pages/annotate/history/panel.js";

export { createHistoryPanel };
