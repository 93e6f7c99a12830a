/** The images there are, newest first: thumbnail, size, objects, whether a click is answered at once; delete. */

import { fill, h, set } from "../dom.js";
import { counted } from "../format.js";
import { icon } from "../icons.js";
import { addressOf } from "../address.js";

/** @typedef {import("../../core/types.js").ImageInfo} ImageInfo */

const PAGE = 48;
const STILL_WORKING = new Set(["queued", "running"]);
const LOOK_AGAIN_MS = 2000;

const STATES = Object.freeze({
  none: "Not encoded yet",
  queued: "Waiting to be encoded",
  running: "Encoding",
  ready: "Ready",
  failed: "Encoding failed; opening it tries again",
});

/**
 * @param {HTMLElement} section
 * @param {{api: import("../../net/api.js").Api, toast: (toast: import("../toasts.js").Toast) => void}} parts
 */
export function createRecent(section, { api, toast }) {
  const grid = h("ul", { class: "grid" });
  const count = h("span", { class: "count" });
  const exportAll = h(
    "a",
    { class: "button quiet", href: api.exportUrl(null), download: true },
    icon("download"),
    "Export COCO",
  );
  const more = h(
    "button",
    { type: "button", class: "button", hidden: true, onclick: () => void load(shown.length + PAGE) },
    "Show more",
  );
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  section.querySelector("h2")?.append(count);
  section.append(exportAll, wrong, grid, more);
  const dialog = createDeleteDialog(remove);
  document.body.append(dialog.element);
  /** @type {ImageInfo[]} */
  let shown = [];
  let timer = 0;

  /** @param {ImageInfo} image */
  async function remove(image) {
    try {
      await api.deleteImage(image.id);
      toast({ text: `${image.name} was deleted.` });
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      toast({
        text: `${image.name} was not deleted. ${message}`,
        action: { title: "Try again", perform: () => void remove(image) },
      });
    }
    await refresh();
  }

  /** @param {ImageInfo} image */
  function card(image) {
    const { state } = image.embedding;
    const picture = h("img", { src: image.thumbnail_url, alt: "", loading: "lazy", decoding: "async" });
    const details = `${image.width} × ${image.height}`;
    const objects = image.annotation_count
      ? counted(image.annotation_count, "object", "objects")
      : "no objects yet";
    const link = h(
      "a",
      { class: "card", href: addressOf(image.id), title: `${image.name}, ${details}` },
      h("span", { class: "card-picture" }, picture),
      h("span", { class: "card-name" }, image.name),
      h(
        "span",
        { class: "card-state" },
        h("span", {
          class: "state-dot",
          "data-state": state,
          role: "img",
          "aria-label": STATES[state],
          title: STATES[state],
        }),
        objects,
      ),
    );
    const bin = h(
      "button",
      {
        type: "button",
        class: "icon-button small card-delete",
        "aria-label": `Delete ${image.name}`,
        title: "Delete",
        onclick: () => dialog.ask(image),
      },
      icon("trash"),
    );
    return h("li", {}, link, bin);
  }

  /** @param {number} limit */
  async function load(limit) {
    clearTimeout(timer);
    try {
      const { images, total } = await api.images({ limit });
      shown = images;
      fill(grid, ...images.map(card));
      count.textContent = String(total);
      section.hidden = total === 0;
      more.hidden = total <= images.length;
      wrong.hidden = true;
      if (images.some(({ embedding }) => STILL_WORKING.has(embedding.state)))
        timer = window.setTimeout(refresh, LOOK_AGAIN_MS);
    } catch (error) {
      const { message, hint } = /** @type {import("../../core/errors.js").ApiError} */ (error);
      section.hidden = false;
      wrong.hidden = false;
      fill(
        wrong,
        icon("alert"),
        h("span", {}, h("strong", {}, message), ` ${hint ?? ""}`),
        h("button", { type: "button", class: "button", onclick: refresh }, "Try again"),
      );
    }
  }

  const refresh = () => load(Math.max(PAGE, shown.length));
  void refresh();
  return { refresh };
}

/**
 * Asks before an image goes with its objects: that cannot be undone.
 * @param {(image: ImageInfo) => void} onYes
 */
function createDeleteDialog(onYes) {
  const words = h("p", {});
  const title = h("h2", { id: "delete-title" });
  const keep = h("button", { value: "keep", class: "button", autofocus: true }, "Keep it");
  const go = h("button", { value: "delete", class: "button danger" }, "Delete");
  const form = h("form", { method: "dialog" }, title, words, h("div", { class: "dialog-actions" }, keep, go));
  const element = h("dialog", { class: "dialog", "aria-labelledby": "delete-title" }, form);
  /** @type {ImageInfo|null} */
  let asked = null;
  element.addEventListener("close", () => {
    if (element.returnValue === "delete" && asked) onYes(asked);
    element.returnValue = "";
    asked = null;
  });
  return {
    element,
    /** @param {ImageInfo} image */
    ask(image) {
      asked = image;
      title.textContent = `Delete ${image.name}?`;
      const objects = image.annotation_count
        ? ` and its ${counted(image.annotation_count, "object", "objects")}`
        : "";
      words.textContent = `The image${objects} will be removed from this server. This cannot be undone.`;
      set(go, { "aria-label": `Delete ${image.name}` });
      element.showModal();
    },
  };
}
