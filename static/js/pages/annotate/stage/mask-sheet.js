/** A mask laid over the picture that is no object: what somebody points at, or what an object was. */

import { effect } from "../../../core/signals.js";
import { paintMask } from "../../../editor/render/paint-mask.js";
import { h } from "../../shared/dom.js";

/** @param {HTMLElement} room the stage @param {import("../../../editor/editor.js").Editor["viewport"]} viewport */
export function createMaskSheet(room, viewport) {
  const sheet = h("canvas", { class: "preview", "aria-hidden": "true", hidden: true });
  room.append(sheet);
  let corner = { x: 0, y: 0 };

  function lay() {
    const [a, b, c, d, e, f] = viewport.matrix();
    sheet.style.transform = `matrix(${[a, b, c, d, e + a * corner.x + c * corner.y, f + b * corner.x + d * corner.y].join(",")})`;
  }

  effect(() => {
    void [viewport.view.value, viewport.size.value, viewport.picture.value];
    lay();
  });
  return {
    /** @param {Pick<import("../../../core/types.js").Annotation, "rle"|"bbox">} mask @param {string} color #rrggbb */
    show({ rle, bbox }, color) {
      paintMask(sheet, rle, color);
      corner = { x: bbox[0], y: bbox[1] };
      sheet.hidden = false;
      lay();
    },
    hide() {
      sheet.hidden = true;
    },
  };
}
