/** Addresses of what is on show: copied for others, and followed where one was opened. */

import { effect, signal, untracked } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { hashOfView, viewOfHash } from "../../editor/view-address.js";
import { addressOf } from "../shared/address.js";
import { copyText } from "../shared/sharing/clipboard.js";
import { createToasts } from "../shared/popups/toasts.js";

/** Of an image in this page's address. */
const imageHere = () => decodeURIComponent(location.pathname.split("/").at(-1) ?? "");

/** @param {{doc: import("../../document/document.js").Document, editor: import("../../editor/editor.js").Editor}} app */
export async function copyView({ doc, editor: { viewport } }) {
  const image = doc.image.peek();
  if (!image) return;
  const isWhole = viewport.fitted.peek() && !viewport.view.peek().turn;
  const hash = hashOfView({
    region: isWhole ? null : viewport.region(),
    turn: viewport.view.peek().turn,
    object: doc.objects.selectedId.peek(),
  });
  const address = addressOf(image.id, doc.project.peek().id) + location.search + hash;
  if (await copyText(location.origin + address)) return void createToasts(document.body)({ text: t("Link copied.") });
  history.replaceState(history.state, "", address);
  doc.refuse(t("Couldn't copy the link. Copy it from the address bar."));
}

/** Shows what the page's address names, once it is there. @param {{doc: import("../../document/document.js").Document, editor: import("../../editor/editor.js").Editor}} app */
export function followLinkedView({ doc, editor: { viewport } }) {
  /** @typedef {import("../../editor/view-address.js").LinkedView & {image: string}} Wish */
  const region = signal(/** @type {Wish|null} */ (null));
  const object = signal(/** @type {Wish|null} */ (null));
  const read = () => {
    const view = viewOfHash(location.hash);
    const wish = view && { ...view, image: imageHere() };
    region.value = wish?.region ? wish : null;
    object.value = wish?.object ? wish : null;
  };
  read();
  globalThis.addEventListener("hashchange", read);

  effect(() => {
    const wish = region.value;
    if (!wish?.region || viewport.size.value.width <= 1 || doc.image.value?.id !== wish.image) return;
    region.value = null;
    const part = wish.region;
    untracked(() => viewport.showRegion(part, wish.turn));
  });
  effect(() => {
    const wish = object.value;
    if (!wish?.object || doc.image.value?.id !== wish.image || !doc.objects.loaded.value) return;
    object.value = null;
    const found = doc.objects.find(wish.object);
    untracked(() => (found ? point(found, wish) : doc.refuse(t("The object in this link no longer exists."))));
  });

  /** @param {import("../../core/types.js").Annotation} found @param {Wish} wish */
  function point({ id, bbox: [x, y, width, height] }, wish) {
    doc.objects.select(id);
    if (!wish.region) viewport.reveal({ x: x + width / 2, y: y + height / 2 });
  }
}
