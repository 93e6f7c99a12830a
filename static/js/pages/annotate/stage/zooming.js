/** Zoomed into a large image, the part in view is encoded on its own, so that masks are finer; a sign says so. */

import { effect, untracked } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { windowOfView } from "../../../geometry/windows.js";
import { h, set } from "../../shared/dom.js";

const SETTLED_MS = 120; // without a move of the view

/** @typedef {import("../../../core/types.js").Window} Window */

/**
 * The window for this view; the one before, as long as it is as fine and shows all of it.
 * @param {{x: number, y: number, width: number, height: number}} region  in view, image frame
 * @param {{width: number, height: number}} image @param {Window|null} before @returns {Window|null}
 */
export function windowFor(region, image, before) {
  const [x0, y0] = [Math.max(0, region.x), Math.max(0, region.y)];
  const [x1, y1] = [Math.min(image.width, region.x + region.width), Math.min(image.height, region.y + region.height)];
  const best = windowOfView([x0, y0, x1, y1], image);
  const same = before && best && best.width === before.width && best.height === before.height;
  const shows = same && x0 >= before.x && y0 >= before.y && x1 <= before.x + before.width && y1 <= before.y + before.height;
  return shows ? before : best;
}

/** @param {HTMLElement} room the stage @param {import("../../../editor/editor.js").Editor} editor */
export function createZooming(room, { doc, viewport }) {
  const sign = h("p", { class: "zoom-sign", role: "status", hidden: true });
  room.append(sign);
  let timer = 0;

  effect(() => {
    void [viewport.view.value, viewport.size.value, doc.segmenters.value.inUse];
    const image = doc.image.value;
    const able = doc.work.value.phase === "ready";
    window.clearTimeout(timer);
    if (!image || !able) return;
    const wanted = () => windowFor(viewport.region(), image, doc.zoom.peek().window);
    if (!untracked(wanted)) void untracked(() => doc.look(null));
    else timer = window.setTimeout(() => void doc.look(wanted()), SETTLED_MS);
  });

  effect(() => {
    const { window: seen, ready } = doc.zoom.value;
    sign.textContent = ready ? t("Close-up") : t("Preparing close-up");
    set(sign, {
      hidden: !seen,
      "data-ready": ready,
      title: t("You zoomed in, so masks are made from a close-up of this part of the image. Small objects get finer outlines."),
    });
  });
}
