/** A strip of the images that were opened last, of those that are still there. */

import { under } from "../../net/base.js";
import { addressOf } from "../shared/address.js";
import { h, set } from "../shared/dom.js";
import { openedImages } from "../shared/opened.js";

let turn = 0; // of the strip asked for last

/**
 * Has its room at once and is seen once it is known which images are there; what comes back from the trash is back here, too.
 * @param {HTMLElement} section @param {Pick<import("../../net/api.js").Api, "projectImage">} api
 */
export async function showOpened(section, api) {
  const mine = ++turn;
  const known = openedImages();
  const before = section.querySelector(".opened-strip");
  if (!before) {
    section.append(h("ul", { class: "opened-strip" }, ...known.slice(0, 1).map(item)));
    section.hidden = !known.length;
  }
  set(section, { "aria-busy": "true" });
  const there = await Promise.all(known.map((image) => isThere(api, image)));
  if (mine !== turn) return;
  const shown = known.filter((_, i) => there[i]);
  section.querySelector(".opened-strip")?.replaceWith(h("ul", { class: "opened-strip" }, ...shown.map(item)));
  set(section, { "aria-busy": null });
  section.hidden = !shown.length;
}

/** @param {import("../shared/opened.js").OpenedImage} image */
function item({ id, project, name, thumbnail }) {
  const picture = h("img", { src: under(thumbnail), alt: "", decoding: "async" });
  return h("li", {}, h("a", { href: addressOf(id, project), title: name, "aria-label": name }, picture));
}

/**
 * Unless the server says that it is not: it may not be reached at all.
 * @param {Pick<import("../../net/api.js").Api, "projectImage">} api @param {import("../shared/opened.js").OpenedImage} image
 */
async function isThere(api, { project, id }) {
  try {
    await api.projectImage(project, id);
    return true;
  } catch (error) {
    return /** @type {import("../../core/errors.js").ApiError} */ (error).status !== 404;
  }
}
