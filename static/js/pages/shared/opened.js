/** The images this browser opened last: kept in its storage, for the way back from the first page. */

/** @typedef {{id: string, project: string, name: string, thumbnail: string}} OpenedImage */

import { OWN } from "../../net/account.js";
import { BASE } from "../../net/base.js";

const STORED_AS = `samphire.opened${BASE}${OWN}`;
const MOST = 12;

/** The latest first. @returns {OpenedImage[]} */
export function openedImages() {
  try {
    const stored = JSON.parse(localStorage.getItem(STORED_AS) ?? "[]");
    return Array.isArray(stored) ? stored : [];
  } catch {
    return []; // forbidden storage, or not what was written here
  }
}

/** @param {OpenedImage[]} images */
function store(images) {
  try {
    localStorage.setItem(STORED_AS, JSON.stringify(images.slice(0, MOST)));
  } catch {
    // Forbidden storage: nothing is remembered.
  }
}

/** @param {import("../../core/types.js").ImageInfo} image */
export function rememberOpened({ id, name, thumbnail_url, project_id = "default" }) {
  const others = openedImages().filter((each) => each.id !== id || each.project !== project_id);
  store([{ id, project: project_id, name, thumbnail: thumbnail_url }, ...others]);
}
