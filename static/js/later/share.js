/** Sharing: links into a project, made, listed and revoked. */

import { createShareDialog } from "../pages/shared/sharing/dialog.js";

export { createShareDialog };
