/** One image of the grid: its picture, name, state and objects, a link into the editor and a box to pick it. */

import { counted, t } from "../../core/text.js";
import { under } from "../../net/base.js";
import { fill, h, set } from "../shared/dom.js";
import { STATE_TITLES, stateIcon } from "../shared/image-states.js";
import { icon } from "../shared/icons.js";
import { middleEllipsis } from "../shared/middle-ellipsis.js";

const GOLD = t("Gold image: annotators, who aren't told, are compared with its objects");

/** @typedef {import("./listing.js").ListedImage} ListedImage */
/** @typedef {{index: number, item: ListedImage|null}} Slot  item: null while it is fetched */

/**
 * @param {object} parts
 * @param {(item: ListedImage) => string} parts.address  where it is opened
 * @param {(slot: Slot, extend: boolean) => void} parts.pick
 * @param {(item: ListedImage) => string} parts.whose  names of those whose it is to work on
 * @param {(item: ListedImage) => string|null} parts.masksOf  address of its objects' picture; null: they are not shown
 */
export function tileMaker({ address, pick, whose, masksOf }) {
  /** @param {Slot} first */
  return function tile(first) {
    let slot = first;
    /** @type {ListedImage|null} */
    let shown = null;
    const masks = h("img", { class: "tile-masks", alt: "", decoding: "async", draggable: "false", hidden: true });
    const picture = h("span", { class: "tile-picture" });
    const name = h("span", { class: "tile-name ends" });
    const facts = h("span", { class: "tile-facts" });
    const names = h("span", { class: "tile-people" });
    const link = h("a", { class: "tile-link", tabindex: "-1", draggable: "false" }, picture, name, facts);
    const box = h("input", { type: "checkbox", tabindex: "-1" });
    const label = h("label", { class: "tile-pick", hidden: true }, box);
    const element = h("li", { class: "tile" }, link, label);
    box.addEventListener("click", (event) => pick(slot, event.shiftKey));
    link.addEventListener("click", (event) => {
      if (!event.shiftKey) return;
      event.preventDefault(); // a new window is not what is meant among boxes to pick
      pick(slot, true);
    });

    /** @param {ListedImage} item */
    function show(item) {
      const objects = item.annotation_count
        ? counted(item.annotation_count, "{count} object", "{count} objects")
        : "";
      if (shown?.id !== item.id)
        fill(picture, h("img", { crossorigin: "anonymous", src: under(item.thumbnail_url), alt: "", decoding: "async", draggable: "false" }), masks);
      if (shown?.name !== item.name) fill(name, ...middleEllipsis(item.name));
      fill(
        facts,
        stateIcon(item.state),
        h("span", {}, STATE_TITLES[item.state]),
        objects && h("span", { class: "tile-objects" }, objects),
        item.gold && h("span", { class: "tile-gold", title: GOLD }, icon("gold"), h("span", { class: "sr-only" }, GOLD)),
        names,
      );
      set(link, { href: address(item), title: `${item.name}\n${item.width} × ${item.height}` });
      set(box, { "aria-label": t("Select {name}", { name: item.name }) });
      label.hidden = false;
      shown = item;
    }

    /** @param {ListedImage} item */
    function nameWhose(item) {
      const text = whose(item); // read whatever comes of it: the grid follows who people are
      if (names.textContent !== text) names.textContent = text;
      names.hidden = !text;
    }

    /** @param {ListedImage} item */
    function cover(item) {
      const shownAt = masksOf(item); // read whatever comes of it: the grid follows it
      const source = item.annotation_count ? shownAt : null;
      if (masks.getAttribute("src") === source) return;
      set(masks, { src: source });
      masks.hidden = source === null;
    }

    return {
      element,
      /** @param {Slot & {total: number, picked: boolean, active: boolean, place: [number, number]}} next */
      update(next) {
        slot = next;
        const { item, index, total, picked, active, place } = next;
        element.style.setProperty("transform", `translate(${place[0]}px, ${place[1]}px)`);
        set(element, {
          "aria-posinset": String(index + 1),
          "aria-setsize": String(total),
          "data-index": String(index),
          "data-picked": picked,
        });
        set(link, { tabindex: active ? "0" : "-1" });
        box.checked = picked;
        if (item && item !== shown) show(item);
        else if (item) set(link, { href: address(item) });
        if (item) cover(item);
        if (item) nameWhose(item);
      },
    };
  };
}
