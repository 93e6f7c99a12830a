/**
 * The grid of a project's images: as high as all of them are, but only what can be seen is in the page. The browser scrolls
 * it; keys move in it.
 */

import { effect, signal } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { h, keepRows, set } from "../shared/dom.js";
import { heightOf, layoutFor, placeOf, stepTo, windowOf } from "./grid-layout.js";
import { tileMaker } from "./tile.js";

/** @typedef {import("./listing.js").ListedImage} ListedImage */

/** Least width of a tile, by that of the list. @param {number} width */
const leastTile = (width) => (width < 640 ? 152 : width < 1600 ? 176 : 208);
const MARGIN = 12; // kept between a focused tile and what lies over the list

/**
 * @param {object} parts
 * @param {ReturnType<typeof import("./listing.js").createListing>} parts.listing
 * @param {ReturnType<typeof import("../shared/picks.js").createPicks>} parts.picks
 * @param {(item: ListedImage) => string} parts.address
 * @param {(item: ListedImage) => string} parts.whose  read in an effect, too
 * @param {(item: ListedImage) => string|null} parts.masksOf  read in an effect; see `tileMaker`
 * @param {() => {top: number, bottom: number}} parts.covered  pixels of the window's edges that bars lie over
 */
export function createGrid({ listing, picks, address, whose, masksOf, covered }) {
  const hint = h("p", { id: "grid-keys", class: "sr-only" }, t("Arrow keys move, Enter opens, Space selects."));
  const list = h("ul", { class: "tiles", "aria-label": t("Images"), "aria-describedby": hint.id });
  const element = h("div", {}, hint, list);
  const width = signal(0);
  const active = signal(0);
  /** Id of the active one, as long as it is known. @type {string|null} */
  let held = null;
  let layout = layoutFor(1, 1);
  let frame = 0;
  const rows = new Map();
  const tile = tileMaker({
    address,
    whose,
    masksOf,
    pick: ({ index, item }, extend) => item && void pick(index, item, extend),
  });

  /** @param {number} index @param {ListedImage} item @param {boolean} extend */
  async function pick(index, item, extend) {
    if (extend) {
      await listing.need(index);
      picks.extend(listing.items.peek(), item);
    } else picks.toggle(item);
    activate(index);
  }

  /** @param {number} index */
  function activate(index) {
    held = listing.items.peek()[index]?.id ?? null;
    active.value = index;
  }

  /** What has the focus keeps it where it is now, after images were added before it or removed. */
  function followFocus() {
    const items = listing.items.peek();
    const here = items[active.peek()]?.id ?? null;
    if (held === here) return;
    const moved =
      held && list.contains(document.activeElement) ? items.findIndex(({ id }) => id === held) : -1;
    if (moved >= 0) active.value = moved;
    else held = here;
  }

  function render() {
    const total = listing.total.peek();
    const items = listing.items.peek();
    const { top } = list.getBoundingClientRect();
    const { first, end } = windowOf(layout, total, -top, innerHeight);
    if (end > 0) void listing.need(end - 1);
    followFocus();
    active.value = Math.max(0, Math.min(active.peek(), total - 1));
    const indexes = Array.from({ length: end - first }, (_, i) => first + i);
    const outside = active.peek() < first || active.peek() >= end;
    if (outside && list.contains(document.activeElement)) indexes.push(active.peek()); // focus is not lost by scrolling
    indexes.sort((a, b) => a - b);
    const entry = outside ? (items.length && end > first ? first : -1) : active.peek(); // where Tab leads
    const slots = indexes.map((index) => {
      const item = items[index] ?? null;
      return {
        index,
        item,
        total,
        picked: !!item && picks.picked.peek().has(item.id),
        active: index === active.peek() || index === entry,
        place: placeOf(layout, index),
      };
    });
    const focused = list.contains(document.activeElement);
    keepRows(list, slots, ({ index, item }) => item?.id ?? `#${index}`, tile, rows);
    if (focused && !list.contains(document.activeElement)) enter(); // what had the focus is gone
  }

  function later() {
    if (!frame)
      frame = requestAnimationFrame(() => {
        frame = 0;
        render();
      });
  }

  /** @param {number} index */
  function focus(index) {
    activate(index);
    const { top } = list.getBoundingClientRect();
    const at = placeOf(layout, index)[1] + top;
    const bars = covered();
    const above = at - bars.top - MARGIN;
    const below = at + layout.tileHeight + MARGIN - (innerHeight - bars.bottom);
    if (above < 0) scrollBy(0, above);
    else if (below > 0) scrollBy(0, below);
    render();
    enter();
  }

  /** The active tile gets the focus. */
  function enter() {
    const link = list.querySelector(`[data-index="${active.peek()}"] .tile-link`);
    /** @type {HTMLElement|null} */ (link)?.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether it meant something here */
  function key(event) {
    const count = listing.total.peek();
    const focused = list.contains(document.activeElement);
    const item = listing.items.peek()[active.peek()];
    if (event.key === " " && focused && item) {
      void pick(active.peek(), item, event.shiftKey);
      return true;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (!focused && !(event.key.startsWith("Arrow") && event.target === document.body)) return false;
    const page = Math.max(1, Math.floor((innerHeight - covered().top) / layout.rowHeight));
    const to = stepTo(event.key, active.peek(), { columns: layout.columns, count, page });
    if (to === null) return false;
    if (event.shiftKey && focused && item) {
      if (!picks.picked.peek().has(item.id)) picks.toggle(item);
      void listing.need(to).then(() => {
        const items = listing.items.peek();
        if (items[to]) picks.extend(items, items[to]);
      });
    }
    focus(focused ? to : active.peek());
    return true;
  }

  effect(() => set(list, { "aria-busy": String(listing.loading.value) }));
  new ResizeObserver(([entry]) => (width.value = entry.contentRect.width)).observe(list);
  window.addEventListener("scroll", later, { passive: true });
  window.addEventListener("resize", later);
  list.addEventListener("focusin", (event) => {
    const index = /** @type {HTMLElement} */ (event.target).closest("li")?.dataset.index;
    if (index !== undefined) activate(Number(index));
  });
  effect(() => {
    if (!width.value) return;
    layout = layoutFor(width.value, leastTile(width.value));
    list.style.setProperty("height", `${heightOf(layout, listing.total.value)}px`);
    list.style.setProperty("--tile-width", `${layout.tileWidth}px`);
    list.style.setProperty("--tile-height", `${layout.tileHeight}px`);
    void [listing.items.value, picks.picked.value, active.value];
    render();
  });

  return {
    element,
    key,
    enter,
    /** Links of the tiles anew: what they carry has changed. */
    render,
    toTop() {
      activate(0);
      const { top } = list.getBoundingClientRect();
      const above = top - covered().top - MARGIN;
      if (above < 0) scrollBy(0, above);
    },
  };
}
