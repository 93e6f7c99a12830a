/** A strip of the images that were opened last. */

import { addressOf } from "../address.js";
import { h } from "../dom.js";
import { forgetOpened, openedImages } from "../opened.js";

/** @param {HTMLElement} section */
export function showOpened(section) {
  const strip = h("ul", { class: "opened-strip" });
  const items = openedImages().map((image) => {
    const picture = h("img", { src: image.thumbnail, alt: "", decoding: "async" });
    const address = addressOf(image.id, image.project);
    const item = h("li", {}, h("a", { href: address, title: image.name, "aria-label": image.name }, picture));
    picture.addEventListener("error", () => {
      forgetOpened(image); // it was deleted
      item.remove();
      section.hidden = !strip.children.length;
    });
    return item;
  });
  strip.append(...items);
  section.append(strip);
  section.hidden = !items.length;
}
