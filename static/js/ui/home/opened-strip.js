/** A strip of the images that were opened last. */

import { under } from "../../net/base.js";
import { addressOf } from "../address.js";
import { h } from "../dom.js";
import { forgetOpened, openedImages } from "../opened.js";

/** @param {HTMLElement} section @param {Pick<import("../../net/api.js").Api, "projectImage">} api */
export function showOpened(section, api) {
  const strip = h("ul", { class: "opened-strip" });
  const items = openedImages().map((image) => {
    const picture = h("img", { src: under(image.thumbnail), alt: "", decoding: "async" });
    const address = addressOf(image.id, image.project);
    const item = h("li", {}, h("a", { href: address, title: image.name, "aria-label": image.name }, picture));
    picture.addEventListener("error", async () => {
      if (!(await isGone(api, image))) return;
      forgetOpened(image);
      item.remove();
      section.hidden = !strip.children.length;
    });
    return item;
  });
  strip.append(...items);
  section.querySelector(".opened-strip")?.remove();
  section.append(strip);
  section.hidden = !items.length;
}

/**
 * Whether the server has it no more; a picture may also be missing because the server cannot be reached.
 * @param {Pick<import("../../net/api.js").Api, "projectImage">} api @param {import("../opened.js").OpenedImage} image
 */
async function isGone(api, { project, id }) {
  try {
    await api.projectImage(project, id);
    return false;
  } catch (error) {
    return /** @type {import("../../core/errors.js").ApiError} */ (error).status === 404;
  }
}
