/** Puts the first page together: drop zone, running uploads, the images there are. */

import { createToasts } from "../toasts.js";
import { themeButton } from "../theme.js";
import { createDropZone } from "./drop-zone.js";
import { createRecent } from "./recent.js";
import { createUploads } from "./uploads.js";

/** @param {string} id */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {import("../../core/types.js").Limits} parts.limits
 * @param {import("../../core/signals.js").Signal<import("../theme.js").Theme>} parts.theme
 */
export function createHomePage({ api, limits, theme }) {
  byId("header").append(themeButton(theme));
  const toast = createToasts(document.body);
  const recent = createRecent(byId("recent"), { api, toast });
  const upload = createUploads(byId("uploads"), { api, limits, onAdded: recent.refresh });
  createDropZone(byId("drop-zone"), { actions: byId("drop-actions"), api, upload });
}
